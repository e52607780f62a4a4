/* A folder of its own for every test of packs, signatures and stores. */
#include "tests/unit/workdir.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"

char dir[64];
struct fw_buf why;
struct fw_arena arena;

void workdir_setup(void)
{
    (void)snprintf(dir, sizeof(dir), "/tmp/fwproof-unit-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    fw_buf_init(&why);
    fw_arena_init(&arena, 0);
}

void workdir_teardown(void)
{
    fw_arena_clear(&arena);
    fw_buf_clear(&why);
    (void)fw_dir_remove(dir);
}

const char *at(const char *name)
{
    return fw_arena_printf(&arena, "%s/%s", dir, name).p;
}

void shell(const char *command)
{
    const char *line = fw_arena_printf(&arena, "cd %s && { %s; } >/dev/null 2>&1", dir, command).p;
    ck_assert_msg(system(line) == 0, "%s", line);
}

void said(const char *want)
{
    ck_assert_str_eq(why.p ? why.p : "", want);
}
