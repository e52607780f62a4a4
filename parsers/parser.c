/* Which formats there are, which one a text is in, and running a parser within its budget. */
#include "parsers/parser.h"

#include "core/walk.h"
#include "parsers/clock.h"
#include "parsers/idsrules.h"

#include <assert.h>
#include <setjmp.h>
#include <stddef.h>

#define FW_PARSER(stem) extern const struct fw_parser fw_parser_##stem;
#include "parsers/registry.def"
#undef FW_PARSER

const struct fw_parser *const fw_parsers[] = {
#define FW_PARSER(stem) &fw_parser_##stem,
#include "parsers/registry.def"
#undef FW_PARSER
    NULL,
};

const struct fw_parser *fw_parser_find(fw_sv name)
{
    for (const struct fw_parser *const *p = fw_parsers; *p; p++) {
        if (fw_sv_is(name, (*p)->name)) {
            return *p;
        }
    }
    return NULL;
}

const struct fw_parser *fw_parser_detect(enum fw_parser_kind kind, fw_sv head)
{
    const struct fw_parser *best = NULL;
    int highest = FW_BID_NO;
    for (const struct fw_parser *const *p = fw_parsers; *p; p++) {
        if ((*p)->kind != kind) {
            continue;
        }
        int bid = (*p)->bid(head);
        if (bid > highest) {
            highest = bid;
            best = *p;
        }
    }
    return best;
}

const struct fw_parser *fw_idsrules_detect(fw_sv path, fw_sv head, int *ret_bid)
{
    const struct fw_parser *best = fw_parser_detect(FW_PARSER_IDSRULES, head);
    int highest = best ? best->bid(head) : FW_BID_NO;
    bool likely = highest >= FW_BID_LIKELY;
    for (const struct fw_parser *const *p = fw_parsers; *p && !likely; p++) {
        int bid = (*p)->bid_named ? (*p)->bid_named(fw_path_name(path), head) : FW_BID_NO;
        if (bid > highest) {
            highest = bid;
            best = *p;
        }
    }
    if (ret_bid) {
        *ret_bid = highest;
    }
    return best;
}

/* What a parser is asked for: exactly one of these is not NULL. */
struct wanted {
    struct fw_ruleset *ruleset;
    struct fw_idsrules *idsrules;
    struct fw_clock_sink *clock;
};

/* False: an arena's budget ran out. */
static bool parse_guarded(struct fw_doc *doc, const struct fw_parser *parser,
                          const struct wanted *wanted)
{
    struct fw_guard guard;
    doc->arena.guard = &guard;
    doc->scratch.guard = &guard;
    if (setjmp(guard.jump) != 0) {
        return false;
    }
    if (wanted->ruleset) {
        parser->ruleset(doc, wanted->ruleset);
    } else if (wanted->idsrules) {
        parser->idsrules(doc, wanted->idsrules);
    } else {
        parser->clock(doc, wanted->clock);
    }
    return true;
}

static enum fw_err parse(struct fw_doc *doc, const struct fw_parser *parser,
                         const struct wanted *wanted)
{
    bool done = parse_guarded(doc, parser, wanted);
    doc->arena.guard = NULL;
    doc->scratch.guard = NULL;
    fw_arena_clear(&doc->scratch);
    if (!done) {
        fw_doc_warn(doc, FW_DIAG_ID_LIMIT_REACHED, 0, (fw_sv){0},
                    "reading it as %s takes more memory than the limit ARENA_BYTES allows",
                    parser->name);
        return FW_ERR_MEMORY;
    }
    return FW_OK;
}

enum fw_err fw_ruleset_parse(struct fw_doc *doc, const struct fw_parser *parser,
                             struct fw_ruleset *ret)
{
    assert(parser->kind == FW_PARSER_RULESET);
    *ret = (struct fw_ruleset){.format = parser->name};
    enum fw_err err = parse(doc, parser, &(struct wanted){.ruleset = ret});
    if (err != FW_OK) {
        *ret = (struct fw_ruleset){.format = parser->name};
    }
    return err;
}

enum fw_err fw_idsrules_parse(struct fw_doc *doc, const struct fw_parser *parser,
                              struct fw_idsrules *ret)
{
    assert(parser->kind == FW_PARSER_IDSRULES);
    *ret = (struct fw_idsrules){0};
    enum fw_err err = parse(doc, parser, &(struct wanted){.idsrules = ret});
    if (err != FW_OK) {
        *ret = (struct fw_idsrules){0};
    }
    return err;
}

enum fw_err fw_clock_parse(struct fw_doc *doc, const struct fw_parser *parser,
                           struct fw_clock_sink *sink)
{
    assert(parser->kind == FW_PARSER_CLOCK);
    return parse(doc, parser, &(struct wanted){.clock = sink});
}
