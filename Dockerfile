# A static binary, run by a user without rights. The image has a shell, which
# CI systems need to run a job's script. Images are named by their digests; what
# they were when these were written stands behind the name.
FROM golang:1.26.8-alpine@sha256:ce864e7223ac17b1775e6fd0b4c0db580c2eb50e7953a427916379e4b92a1628 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=devel
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X perfgoal/cmd.version=$VERSION" -o /perfgoal ./cmd/perfgoal

FROM alpine:3.23.6@sha256:075c2c1a4068c1e251228ca2b0ea8b163f835ca5d66e758b93c7fc89b1995616
COPY --from=build /perfgoal /usr/local/bin/perfgoal
COPY LICENSE NOTICE /usr/share/doc/perfgoal/
RUN adduser -D -u 65532 perfgoal
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["perfgoal"]
CMD ["--help"]
