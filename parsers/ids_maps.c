/*
 * sid-msg.map (version 1 and 2) and gen-msg.map:
 *
 *   2900002 || DEMO SMB probe || url,example.org/smb || cve,2009-0233
 *   #v2
 *   1 || 2900002 || 2 || attempted-recon || 2 || DEMO SMB probe || cve,2009-0233
 *   116 || 408 || (ipv4) IPv4 packet from 'current net' source address
 *
 * Two numbers at the front are a generator and a signature, one is a signature.
 */
#include "parsers/idsrules.h"
#include "parsers/parser.h"

enum { FIELDS_MAX = 64 };

/* Cuts at "||". */
static size_t cut_fields(fw_sv line, fw_sv *ret)
{
    size_t n = 0;
    while (n < FIELDS_MAX) {
        size_t at = fw_sv_find(line, FW_SV("||"));
        ret[n++] = fw_sv_trim(fw_sv_sub(line, 0, at));
        if (at == SIZE_MAX) {
            break;
        }
        line = fw_sv_sub(line, at + 2, SIZE_MAX);
    }
    return n;
}

static bool is_number(fw_sv s)
{
    uint32_t n;
    return fw_sv_u32(s, UINT32_MAX, &n);
}

/* False when the line is none of the three. References begin behind the message. */
static bool read_row(struct fw_arena *arena, fw_sv line, struct fw_ids_message *ret)
{
    fw_sv f[FIELDS_MAX];
    size_t n = cut_fields(line, f);
    size_t first;
    if (n < 2 || !fw_sv_u32(f[0], UINT32_MAX, &ret->sid)) {
        return false;
    }
    ret->gid = 1;
    if (!is_number(f[1])) {
        ret->msg = f[1];
        first = 2;
    } else if (n >= 6 && is_number(f[2])) {
        ret->gid = ret->sid;
        fw_sv_u32(f[1], UINT32_MAX, &ret->sid);
        fw_sv_u32(f[2], UINT32_MAX, &ret->rev);
        ret->classtype = fw_sv_is(f[3], "NOCLASS") ? FW_SV("") : f[3];
        if (!fw_sv_u32(f[4], UINT32_MAX, &ret->priority)) {
            return false;
        }
        ret->msg = f[5];
        first = 6;
    } else if (n >= 3) {
        ret->gid = ret->sid;
        fw_sv_u32(f[1], UINT32_MAX, &ret->sid);
        ret->msg = f[2];
        first = 3;
    } else {
        return false;
    }
    if (arena && n > first) {
        fw_sv *references = fw_new_array(arena, n - first, fw_sv);
        for (size_t i = first; i < n; i++) {
            if (f[i].n > 0) {
                references[ret->nreferences++] = f[i];
            }
        }
        ret->references = references;
    }
    return true;
}

static void ids_maps(struct fw_doc *doc, struct fw_idsrules *ret)
{
    struct fw_idsconf *conf = &ret->conf;
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        fw_sv s = fw_sv_trim(text);
        struct fw_ids_message row = {.span = fw_doc_span(doc, text, line)};
        if (s.n == 0 || s.p[0] == '#') {
            fw_doc_mark(doc, line, FW_LINE_IGNORED);
        } else if (read_row(&doc->arena, s, &row)) {
            fw_doc_mark(doc, line, FW_LINE_USED);
            conf->messages = fw_arena_push(&doc->arena, conf->messages, conf->nmessages,
                                           sizeof(row));
            conf->messages[conf->nmessages++] = row;
        } else {
            fw_doc_bad(doc, line, s, "expected numbers and a message, separated by ||");
        }
    }
}

static int ids_maps_bid(fw_sv head)
{
    fw_sv line;
    while (fw_sv_split(&head, '\n', &line)) {
        fw_sv s = fw_sv_trim(line);
        struct fw_ids_message row = {.gid = 0};
        if (s.n > 0 && s.p[0] != '#') {
            return read_row(NULL, s, &row) ? FW_BID_SURE : FW_BID_NO;
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_ids_maps = {
    .name = "ids-maps",
    .title = "sid-msg.map and gen-msg.map",
    .kind = FW_PARSER_IDSRULES,
    .version = 1,
    .bid = ids_maps_bid,
    .idsrules = ids_maps,
};
