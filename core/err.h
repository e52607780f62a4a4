/* What can go wrong with the machine (never with the input: that is a diagnostic, see diag.h). */
#ifndef FW_CORE_ERR_H
#define FW_CORE_ERR_H

enum fw_err {
    FW_OK = 0,
    FW_ERR_NOENT,   /* the named thing does not exist */
    FW_ERR_ACCESS,  /* it exists and we may not read or write it */
    FW_ERR_IO,      /* the machine failed while reading or writing */
    FW_ERR_NOSPACE, /* disk or quota full */
    FW_ERR_MEMORY,  /* out of memory, or a memory budget is used up */
    FW_ERR_LIMIT,   /* a limit of limits.def was reached */
    FW_ERR_INVALID, /* refused: a diagnostic says why */
    FW_ERR_BUSY,    /* somebody else holds it */
    FW_ERR_EXISTS,  /* would overwrite what must not be overwritten */
    FW_ERR_TOOL,    /* an outside program could not be run or failed */
    FW_ERR_MISSING, /* an optional library was not built in */
    FW_ERR_COUNT
};

/* A short lower-case English phrase; static. */
const char *fw_err_text(enum fw_err err);

/* The nearest value for an errno. */
enum fw_err fw_err_from_errno(int errnum);

#endif
