package input

import (
	"errors"
	"io/fs"
	"time"

	"perfgoal/internal/reason"
	"perfgoal/model"
)

// Problems of getting at an input, before any parser sees it. Their codes are
// part of the output, beside those of the parser.

func problem(code, zh, en string, args model.Args, err error) *model.Problem {
	return &model.Problem{Code: code, Message: model.Message{Text: model.Text{Zh: zh, En: en}, Args: args}, Cause: err}
}

// readProblem says why the file system did not yield a file.
func readProblem(err error) *model.Problem {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return problem("not-found", "找不到这个文件或文件夹，请检查路径和文件名", "there is no such file or folder; check the path", nil, err)
	case errors.Is(err, fs.ErrPermission):
		return problem("access-denied", "没有权限打开，请检查文件权限，或复制一份再试", "no permission to open it; check its permissions", nil, err)
	}
	why := reason.Of(err)
	return problem("read-failed", "读取失败（{zh}），请确认文件没有损坏、没有被占用",
		"reading failed ({en}); make sure the file is intact and not in use", model.Args{"zh": why.Zh, "en": why.En}, err)
}

func noDocuments() *model.Problem {
	return problem("no-documents", "这个文件夹里没有可以检查的文件", "no file to check is in this folder", nil, nil)
}

func noMatch() *model.Problem {
	return problem("no-match", "没有与这个通配符匹配的文件", "no file to check matches this pattern", nil, nil)
}

func nothingLeft() *model.Problem {
	return problem("no-match", "指定的文件都被 --exclude 排除了，或者是本程序自己的报告", "what was named is left out by --exclude, or a report of this program", nil, nil)
}

func notAFile() *model.Problem {
	return problem("not-a-file", "这不是普通文件（管道、设备或套接字），没有读取；要读管道，请直接写出它的路径",
		"this is no file but a pipe, device or socket and was not read; to read a pipe, name its path", nil, nil)
}

func linkedFolder() *model.Problem {
	return problem("linked-folder", "这是指向另一个文件夹的链接，没有跟过去；要检查那个文件夹，请直接写出它的路径",
		"this is a link to another folder and was not followed; to check that folder, name its path", nil, nil)
}

func tooSlow(limit time.Duration) *model.Problem {
	return problem("timeout", "{limit} 内没有读完；请用 --timeout 放宽时限，或先把文件复制到本机再检查",
		"it was not read within {limit}; raise the limit with --timeout, or copy the file to this machine first", model.Args{"limit": limit.String()}, nil)
}

func tooLarge() *model.Problem {
	return problem("too-large", "文件超过 {limit} MiB，没有读取；请拆成几个文件再检查",
		"the file is over {limit} MiB and was not read; split it", model.Args{"limit": "512"}, nil)
}

func badArchive(err error) *model.Problem {
	why := reason.Of(err)
	return problem("bad-archive", "压缩包已损坏或不完整（{zh}），请重新打包或重新下载",
		"the archive is damaged or incomplete ({en}); pack or download it again", model.Args{"zh": why.Zh, "en": why.En}, err)
}

func afterEnd() *model.Problem {
	return problem("bad-archive", "压缩包的结尾后面还有内容，没有读取；像是几个 tar 文件连在了一起，请分开或重新打包",
		"more stands after the end of the archive and was not read, as where tar files were joined; take them apart or pack again", nil, nil)
}

func understated() *model.Problem {
	return problem("bad-archive", "压缩包里这个文件比目录里写的大，没有读取；请重新打包",
		"this entry of the archive is longer than its directory says and was not read; pack it again", nil, nil)
}

func emptyArchive() *model.Problem {
	return problem("no-documents", "压缩包里没有可以检查的文件", "no file to check is in this archive", nil, nil)
}

func archiveTooLarge() *model.Problem {
	return problem("archive-too-large", "压缩包展开后过大或文件过多，其余文件没有读取；请拆成几个压缩包",
		"the archive unpacks to too much and what remained was not read; split it", nil, nil)
}

func bomb() *model.Problem {
	return problem("archive-bomb", "展开后的大小与压缩后相差悬殊，像是压缩炸弹，没有读取；请确认来源后重新打包",
		"it unpacks to far more than it is, like a zip bomb, and was not read; make sure where it comes from and pack it again", nil, nil)
}

func archiveTooDeep() *model.Problem {
	return problem("archive-too-deep", "压缩包里层层套着压缩包，没有再往下读；请解开后再检查",
		"archives are nested too deep in this archive; unpack it first", nil, nil)
}

func overlappingEntries() *model.Problem {
	return problem("overlapping-entries", "压缩包里有几个文件共用同一段数据，像是压缩炸弹，没有读取；请确认来源后重新打包",
		"entries of this archive share the same bytes, like a zip bomb, and none was read; make sure where it comes from and pack it again", nil, nil)
}

func linkEntry() *model.Problem {
	return problem("link-entry", "压缩包里的这一项只是一个链接（快捷方式），没有文件内容；请把原文件放进压缩包",
		"this entry of the archive is only a link and has no content; pack the file itself", nil, nil)
}

func specialEntry() *model.Problem {
	return problem("not-a-file", "压缩包里的这一项不是普通文件，没有读取；请重新打包", "this entry of the archive is no file and was not read; pack it again", nil, nil)
}

func lockedEntry() *model.Problem {
	return problem("locked-entry", "压缩包里的这个文件加了密码，请用不加密的压缩包",
		"this entry of the archive is encrypted; pack it without a password", nil, nil)
}

func unsafeName() *model.Problem {
	return problem("unsafe-name", "压缩包里这个文件的路径不正常（绝对路径或含 ..），没有读取；请重新打包",
		"this entry's path is absolute or holds .., so it was not read; pack it again", nil, nil)
}

func duplicateEntry() *model.Problem {
	return problem("duplicate-entry", "压缩包里有同名文件，只读了第一个；请改名后重新打包",
		"the archive holds this name twice and only the first was read; rename and pack it again", nil, nil)
}
