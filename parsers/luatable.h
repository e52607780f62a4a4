/*
 * The declarative part of Lua: assignments of texts, numbers, booleans, tables and of what was
 * assigned before. Nothing is executed; whatever would have to be is named and passed over.
 *
 *   HOME_NET = [[ 192.0.2.0/24 10.0.0.0/8 ]]
 *   suppress = { { gid = 116, sid = 408 }, -- a comment
 *                { gid = 1, sid = 2, track = 'by_src', ip = HOME_NET .. ' 10.9.9.9' } }
 */
#ifndef FW_PARSERS_LUATABLE_H
#define FW_PARSERS_LUATABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/doc.h"

enum fw_lua_type { FW_LUA_UNKNOWN, FW_LUA_TEXT, FW_LUA_NUMBER, FW_LUA_BOOL, FW_LUA_TABLE };

struct fw_lua_value;

struct fw_lua_member {
    fw_sv key; /* {0}: in a list */
    const struct fw_lua_value *value;
    uint32_t line; /* where it begins */
    uint32_t last; /* where it ends */
    fw_sv above;   /* comments on the lines right above, joined with "; " */
    fw_sv behind;  /* comment behind its last line */
};

struct fw_lua_value {
    enum fw_lua_type type;
    fw_sv text; /* TEXT: contents; NUMBER and BOOL: as written; UNKNOWN: what is there */
    size_t n;   /* TABLE */
    struct fw_lua_member *v;
};

/* One top-level statement. */
struct fw_lua_statement {
    fw_sv name;      /* "ips", "include"; what it begins with when it is not understood */
    bool include;    /* include 'file' */
    bool understood; /* an assignment or include of what can be told */
    const struct fw_lua_value *value;
    uint32_t first, last;
};

struct fw_lua {
    struct fw_doc *doc;
    const char *p, *end;
    uint32_t line;
    size_t nglobals;
    struct fw_lua_member *globals;
    /* What the reader knows of comments on the way. */
    fw_sv above;
    uint32_t above_line; /* the last line of `above` */
};

void fw_lua_init(struct fw_lua *lua, struct fw_doc *doc);
/* False at the end. */
bool fw_lua_next(struct fw_lua *lua, struct fw_lua_statement *ret);
/* NULL when a table has no such key, or it is no table. */
const struct fw_lua_member *fw_lua_find(const struct fw_lua_value *table, const char *key);

#endif
