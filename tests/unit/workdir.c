/* A folder of its own for every test that writes files. */
#include "tests/unit/workdir.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/walk.h"

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
    ck_assert_int_eq(fw_dir_remove(dir), FW_OK);
}

void workdir_enter(void)
{
    workdir_setup();
    ck_assert_int_eq(chdir(dir), 0);
}

void workdir_leave(void)
{
    ck_assert_int_eq(chdir("/tmp"), 0);
    workdir_teardown();
}

const char *at(const char *name)
{
    return fw_arena_printf(&arena, "%s/%s", dir, name).p;
}

void write_at(const char *name, const char *text)
{
    fw_sv path = fw_sv_from(at(name));
    ck_assert_int_eq(fw_dir_make(fw_arena_cstr(&arena, fw_path_dir(path))), FW_OK);
    FILE *out = fopen(path.p, "wb");
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(fwrite(text, 1, strlen(text), out), strlen(text));
    ck_assert_int_eq(fclose(out), 0);
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
