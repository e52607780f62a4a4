/* Which phrase belongs to a machine error, and which machine error to an errno. */
#include "core/err.h"

#include <errno.h>

static const char *const texts[FW_ERR_COUNT] = {
    [FW_OK] = "no error",
    [FW_ERR_NOENT] = "no such file or folder",
    [FW_ERR_ACCESS] = "permission denied",
    [FW_ERR_IO] = "input/output error",
    [FW_ERR_NOSPACE] = "no space left",
    [FW_ERR_MEMORY] = "out of memory",
    [FW_ERR_LIMIT] = "a limit was reached",
    [FW_ERR_INVALID] = "invalid",
    [FW_ERR_BUSY] = "in use by another process",
    [FW_ERR_EXISTS] = "already exists",
    [FW_ERR_TOOL] = "an outside program failed",
    [FW_ERR_MISSING] = "not built in",
};

const char *fw_err_text(enum fw_err err)
{
    unsigned i = (unsigned)err;
    return i < FW_ERR_COUNT ? texts[i] : "unknown error";
}

enum fw_err fw_err_from_errno(int errnum)
{
    switch (errnum) {
    case 0:
        return FW_OK;
    case ENOENT:
    case ENOTDIR:
    case ENXIO:
    case ENODEV:
        return FW_ERR_NOENT;
    case EACCES:
    case EPERM:
    case EROFS:
        return FW_ERR_ACCESS;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return FW_ERR_NOSPACE;
    case ENOMEM:
        return FW_ERR_MEMORY;
    case ELOOP:
    case EMFILE:
    case ENAMETOOLONG:
    case ENFILE:
        return FW_ERR_LIMIT;
    case EINVAL:
    case EISDIR:
        return FW_ERR_INVALID;
    case EAGAIN:
    case EBUSY:
    case ETXTBSY:
        return FW_ERR_BUSY;
    case EEXIST:
    case ENOTEMPTY:
        return FW_ERR_EXISTS;
    case ENOSYS:
    case ENOTSUP:
        return FW_ERR_MISSING;
    default:
        return FW_ERR_IO;
    }
}
