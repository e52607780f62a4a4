/* Names of addresses, objects and groups: which there are, and what their members are. */
#include "parsers/cisco.h"

#include <string.h>

static size_t bucket_of(fw_sv name)
{
    return (size_t)(fw_sv_hash(name) % FW_CISCO_BUCKETS);
}

/* --- Names of addresses --- */

void fw_cisco_alias_add(struct fw_cisco *cisco, fw_sv name, fw_ip ip)
{
    struct fw_cisco_alias **bucket = &cisco->aliases[bucket_of(name)];
    struct fw_cisco_alias *alias = fw_new(&cisco->doc->arena, struct fw_cisco_alias);
    *alias = (struct fw_cisco_alias){name, ip, *bucket};
    *bucket = alias;
}

bool fw_cisco_address(const struct fw_cisco *cisco, fw_sv word, fw_ip *ret)
{
    if (fw_ip_parse(word, ret)) {
        return true;
    }
    if (fw_sv_is(word, "0")) { /* PIX: short for 0.0.0.0, as address and as mask */
        *ret = fw_ip4(0);
        return true;
    }
    const struct fw_cisco_alias *alias = cisco->aliases[bucket_of(word)];
    while (alias && !fw_sv_eq(alias->name, word)) {
        alias = alias->next;
    }
    if (!alias) {
        return false;
    }
    *ret = alias->ip;
    return true;
}

bool fw_cisco_network(struct fw_cisco *cisco, struct fw_cisco_line *line,
                      const struct fw_ipset **ret)
{
    struct fw_arena *scratch = &cisco->doc->scratch;
    bool host = fw_cisco_take(line, "host");
    fw_iprange range;
    fw_ip ip;
    fw_ip mask;
    fw_sv word = line->text;
    fw_sv second;
    if (!fw_cisco_next(line, &word)) {
        fw_doc_bad(cisco->doc, line->number, line->text, "expected an address at the end");
        return false;
    }
    if (fw_sv_find_char(word, '/') != SIZE_MAX && !host) {
        if (fw_iprange_parse(word, &range, NULL)) {
            *ret = fw_ipset_make(scratch, &range, 1);
            return true;
        }
    } else if (fw_cisco_address(cisco, word, &ip)) {
        if (host || ip.family == FW_IPV6) {
            *ret = fw_ipset_make(scratch, &(fw_iprange){ip, ip}, 1);
            return true;
        }
        if (fw_cisco_peek(line, &second) && fw_cisco_address(cisco, second, &mask)) {
            line->at++;
            if (fw_ipset_masked(scratch, ip, mask, ret)) {
                return true;
            }
            word = second;
        }
    }
    fw_doc_bad(cisco->doc, line->number, word,
               "expected an address, an address and a mask, or a defined name, not \"%.*s\"",
               FW_SV_ARG(word));
    return false;
}

/* --- Objects --- */

struct fw_cisco_object *fw_cisco_object_find(const struct fw_cisco *cisco, fw_sv name,
                                             unsigned kinds)
{
    struct fw_cisco_object *object = cisco->objects[bucket_of(name)];
    while (object && ((kinds & 1u << object->object->kind) == 0 || !fw_sv_eq(object->name, name))) {
        object = object->next;
    }
    return object;
}

static struct fw_cisco_object *new_object(struct fw_cisco *cisco, fw_sv name,
                                          enum fw_object_kind kind, uint32_t line)
{
    struct fw_arena *arena = &cisco->doc->arena;
    struct fw_cisco_object *object = fw_new(arena, struct fw_cisco_object);
    struct fw_cisco_object **bucket = &cisco->objects[bucket_of(name)];
    struct fw_ruleset *ruleset = cisco->ruleset;
    object->object = fw_new(arena, struct fw_object);
    object->object->kind = kind;
    object->object->name = name;
    object->object->span = fw_doc_span(cisco->doc, name, line);
    object->name = name;
    object->line = line;
    object->next = *bucket;
    *bucket = object;
    ruleset->objects = fw_arena_push(arena, ruleset->objects, ruleset->nobjects,
                                     sizeof(*ruleset->objects));
    ruleset->objects[ruleset->nobjects++] = object->object;
    return object;
}

struct fw_cisco_object *fw_cisco_object_define(struct fw_cisco *cisco, fw_sv name,
                                               enum fw_object_kind kind,
                                               const struct fw_cisco_line *line)
{
    struct fw_cisco_object *object = fw_cisco_object_find(cisco, name, 1u << kind);
    if (!object) {
        object = new_object(cisco, name, kind, line->number);
    }
    object->object->defined = true;
    return object;
}

static enum fw_object_kind lowest_kind(unsigned kinds)
{
    unsigned kind = 0;
    while ((kinds & 1u << kind) == 0) {
        kind++;
    }
    return (enum fw_object_kind)kind;
}

static struct fw_cisco_object *find_or_new(struct fw_cisco *cisco, fw_sv name, unsigned kinds,
                                           uint32_t line)
{
    struct fw_cisco_object *object = fw_cisco_object_find(cisco, name, kinds);
    return object ? object : new_object(cisco, name, lowest_kind(kinds), line);
}

void fw_cisco_object_lack(struct fw_cisco *cisco, fw_sv name, enum fw_object_kind kind,
                          uint32_t line)
{
    find_or_new(cisco, name, 1u << kind, line)->object->uses++;
}

struct fw_cisco_object *fw_cisco_object_refer(struct fw_cisco *cisco, fw_sv name, unsigned kinds,
                                              uint32_t line)
{
    struct fw_cisco_object *object = find_or_new(cisco, name, kinds, line);
    if (!object->object->defined) {
        fw_doc_mark(cisco->doc, line, FW_LINE_UNSUPPORTED);
        fw_doc_warn(cisco->doc, FW_DIAG_ID_UNDEFINED_NAME, line, name,
                    "nothing here defines \"%.*s\"", FW_SV_ARG(name));
    }
    return object;
}

void fw_cisco_object_add(struct fw_cisco *cisco, struct fw_cisco_object *object,
                         const struct fw_cisco_member *member)
{
    struct fw_cisco_member kept = *member;
    kept.place = member->words;
    kept.set = kept.set ? fw_pool_ipset(&cisco->pool, kept.set) : NULL;
    kept.ports = kept.ports ? fw_pool_numset(&cisco->pool, kept.ports) : NULL;
    kept.words = fw_pool_text(&cisco->pool, kept.words);
#define KEEP(dim) kept.term.dim = kept.term.dim ? fw_pool_numset(&cisco->pool, kept.term.dim) : NULL
    KEEP(proto);
    KEEP(sport);
    KEEP(dport);
    KEEP(icmp);
#undef KEEP
    object->members = fw_arena_push(&cisco->doc->arena, object->members, object->n, sizeof(kept));
    object->members[object->n++] = kept;
}
