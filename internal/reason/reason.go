// Package reason puts what the system and the standard library say of a
// failure into plain words, in both languages.
package reason

import (
	"archive/tar"
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"syscall"

	"perfgoal/model"
)

// kind is a group of errors that mean the same to a user.
type kind struct {
	says    model.Text
	machine bool // nothing on the command line is wrong: the machine could not do it
	errs    []error
	windows []syscall.Errno // as Windows numbers them
}

// kinds are tried in their order.
var kinds = []kind{
	{says: model.Text{Zh: "磁盘已满，没有空间了", En: "the disk is full"}, machine: true,
		errs: []error{syscall.ENOSPC, syscall.EDQUOT}, windows: []syscall.Errno{39, 112, 1295}},
	{says: model.Text{Zh: "内存不足", En: "out of memory"}, machine: true,
		errs: []error{syscall.ENOMEM}, windows: []syscall.Errno{8, 14, 1455}},
	{says: model.Text{Zh: "磁盘或网络存储读写出错", En: "the disk or network drive failed"}, machine: true,
		errs: []error{syscall.EIO}, windows: []syscall.Errno{23, 1117, 59, 64}},
	{says: model.Text{Zh: "同时打开的文件太多", En: "too many files are open"}, machine: true,
		errs: []error{syscall.EMFILE, syscall.ENFILE}, windows: []syscall.Errno{4}},
	{says: model.Text{Zh: "文件太大，超过了这个磁盘允许的大小", En: "the file is larger than this disk allows"}, machine: true,
		errs: []error{syscall.EFBIG}, windows: []syscall.Errno{223}},
	{says: model.Text{Zh: "接收输出的程序已经关闭", En: "the program that takes the output has ended"}, machine: true,
		errs: []error{syscall.EPIPE, io.ErrClosedPipe}, windows: []syscall.Errno{109, 232}},
	{says: model.Text{Zh: "磁盘是只读的", En: "the disk is read-only"},
		errs: []error{syscall.EROFS}, windows: []syscall.Errno{19}},
	{says: model.Text{Zh: "文件正被别的程序占用，请先关闭它", En: "another program is using the file; close it first"},
		errs: []error{syscall.EBUSY, syscall.EAGAIN}, windows: []syscall.Errno{32, 33, 170}},
	{says: model.Text{Zh: "这是一个文件夹", En: "it is a folder"},
		errs: []error{syscall.EISDIR}},
	{says: model.Text{Zh: "路径中间有一段不是文件夹", En: "a part of the path is no folder"},
		errs: []error{syscall.ENOTDIR}, windows: []syscall.Errno{267}},
	{says: model.Text{Zh: "文件夹不是空的", En: "the folder is not empty"},
		errs: []error{syscall.ENOTEMPTY}, windows: []syscall.Errno{145}},
	{says: model.Text{Zh: "文件名或路径太长", En: "the name or path is too long"},
		errs: []error{syscall.ENAMETOOLONG}, windows: []syscall.Errno{206}},
	{says: model.Text{Zh: "文件名或路径里有不能用的字符", En: "the name or path holds characters that are not allowed"},
		windows: []syscall.Errno{123, 161}},
	{says: model.Text{Zh: "链接绕成了圈", En: "links lead in a circle"},
		errs: []error{syscall.ELOOP}},
	{says: model.Text{Zh: "网络位置连不上", En: "the network place cannot be reached"},
		errs: []error{syscall.EHOSTDOWN, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ETIMEDOUT}, windows: []syscall.Errno{53, 67, 121, 1231}},
	{says: model.Text{Zh: "没有这个文件或文件夹", En: "there is no such file or folder"}, errs: []error{fs.ErrNotExist}},
	{says: model.Text{Zh: "已经有同名的文件", En: "there is a file of that name already"}, errs: []error{fs.ErrExist}},
	{says: model.Text{Zh: "没有权限", En: "permission denied"}, errs: []error{fs.ErrPermission}},
	{says: model.Text{Zh: "文件已经关闭", En: "the file is closed"}, errs: []error{fs.ErrClosed}},
	{says: model.Text{Zh: "系统不允许这样操作", En: "the system does not allow this"}, errs: []error{syscall.EINVAL, errors.ErrUnsupported, syscall.ENXIO, syscall.ENODEV, syscall.ESPIPE}},
	{says: model.Text{Zh: "没有在限定的时间内完成", En: "it took too long"}, errs: []error{os.ErrDeadlineExceeded, context.DeadlineExceeded}},
	{says: model.Text{Zh: "已中断", En: "interrupted"}, errs: []error{context.Canceled, syscall.EINTR}},

	{says: model.Text{Zh: "内容不完整，中途断了", En: "it is cut off"}, errs: []error{io.ErrUnexpectedEOF, io.EOF, io.ErrShortWrite}},
	{says: model.Text{Zh: "不是有效的 ZIP 文件", En: "it is no valid ZIP file"}, errs: []error{zip.ErrFormat}},
	{says: model.Text{Zh: "压缩方式不支持", En: "its way of packing is not known"}, errs: []error{zip.ErrAlgorithm}},
	{says: model.Text{Zh: "内容与校验和不符", En: "its content does not match its checksum"}, errs: []error{zip.ErrChecksum, gzip.ErrChecksum}},
	{says: model.Text{Zh: "不是有效的 gzip 文件", En: "it is no valid gzip file"}, errs: []error{gzip.ErrHeader}},
	{says: model.Text{Zh: "不是有效的 tar 文件", En: "it is no valid tar file"}, errs: []error{tar.ErrHeader}},
}

// find is the kind of an error, nil for one that is not known.
func find(err error) *kind {
	var number syscall.Errno
	numbered := errors.As(err, &number) && runtime.GOOS == "windows"
	for i := range kinds {
		k := &kinds[i]
		if numbered && slices.Contains(k.windows, number) || slices.ContainsFunc(k.errs, func(known error) bool { return errors.Is(err, known) }) {
			return k
		}
	}
	return nil
}

// Of says what an error means, without the path, which stands beside it in
// messages. An error that is not known is quoted as such.
func Of(err error) model.Text {
	if k := find(err); k != nil {
		return k.says
	}
	if errors.As(err, new(flate.CorruptInputError)) {
		return model.Text{Zh: "压缩的内容已损坏", En: "what is packed is damaged"}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	var number syscall.Errno
	if errors.As(err, &number) {
		return model.Text{Zh: fmt.Sprintf("系统错误，编号 %d", int(number)), En: err.Error()}
	}
	return model.Text{Zh: fmt.Sprintf("程序没有预料到的错误，原文是“%s”", err), En: err.Error()}
}

// Machine says whether the machine is at fault (a full disk, no memory), not
// what was asked of it.
func Machine(err error) bool {
	k := find(err)
	return k != nil && k.machine
}
