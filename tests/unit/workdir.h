/* A folder of its own for every test that writes files, and what such tests need beside it. */
#ifndef FW_TESTS_UNIT_WORKDIR_H
#define FW_TESTS_UNIT_WORKDIR_H

#include "core/arena.h"
#include "core/buf.h"

extern char dir[64];
extern struct fw_buf why; /* what a function said went wrong */
extern struct fw_arena arena;

void workdir_setup(void);
void workdir_teardown(void);
/* The same, for tests that work inside the folder. */
void workdir_enter(void);
void workdir_leave(void);
/* The path of a name in the folder. */
const char *at(const char *name);
/* Writes a file there, and the folders above it; the disk is not waited for. */
void write_at(const char *name, const char *text);
/* Runs a command there; it has to succeed. */
void shell(const char *command);
/* What was said, in full. */
void said(const char *want);

#endif
