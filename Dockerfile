# A static binary, run by a user without rights. The image has a shell, which
# CI systems need to run a job's script.
FROM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=devel
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X perfgoal/cmd.version=$VERSION" -o /perfgoal ./cmd/perfgoal

FROM alpine:3.23
COPY --from=build /perfgoal /usr/local/bin/perfgoal
COPY LICENSE NOTICE /usr/share/doc/perfgoal/
RUN adduser -D -u 65532 perfgoal
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["perfgoal"]
CMD ["--help"]
