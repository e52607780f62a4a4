/* What does a statement like "suppress gen_id 1, sig_id 1852, track by_src, ip 192.0.2.1" mean? */
#include "parsers/idstuning.h"

#include "core/limits.h"

enum { STATEMENT_LINES_MAX = 4096 };

/* Where a comment begins; the length when there is none. */
static size_t comment_at(fw_sv s)
{
    char quote = '\0';
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (quote) {
            i += c == '\\';
            quote = c == quote ? '\0' : quote;
        } else if (c == '"') {
            quote = c;
        } else if (c == '#') {
            return i;
        }
    }
    return s.n;
}

bool fw_idsstatement_next(struct fw_doc *doc, uint64_t *offset, uint32_t *line,
                          struct fw_idsstatement *ret)
{
    fw_sv text;
    if (!fw_doc_line(doc, offset, line, &text)) {
        return false;
    }
    size_t at = comment_at(text);
    *ret = (struct fw_idsstatement){.text = fw_sv_trim(fw_sv_sub(text, 0, at)),
                                    .comment = fw_sv_sub(text, at + 1, SIZE_MAX),
                                    .first = *line,
                                    .last = *line,
                                    .span = fw_doc_span(doc, text, *line)};
    char *joined = NULL;
    size_t cap = 0;
    size_t n = ret->text.n;
    for (int i = 0; i < STATEMENT_LINES_MAX && n > 0 && at == text.n; i++) {
        const char *so_far = joined ? joined : ret->text.p;
        if (so_far[n - 1] != '\\' || !fw_doc_line(doc, offset, line, &text)) {
            break;
        }
        at = comment_at(text);
        fw_sv part = fw_sv_trim(fw_sv_sub(text, 0, at));
        if (n + part.n + 1 > cap) {
            cap = 2 * (n + part.n + 1);
            char *more = fw_arena_alloc(&doc->arena, cap);
            memcpy(more, so_far, n);
            joined = more;
        }
        joined[n - 1] = ' ';
        memcpy(joined + n, part.p ? part.p : "", part.n);
        n += part.n;
        ret->comment = fw_sv_sub(text, at + 1, SIZE_MAX);
        ret->last = *line;
    }
    if (joined) {
        ret->text = fw_sv_trim(fw_sv_of(joined, n));
    } else if (n > 0 && ret->text.p[n - 1] == '\\') {
        ret->text = fw_sv_trim(fw_sv_sub(ret->text, 0, n - 1));
    }
    return true;
}

bool fw_idslist_next(fw_sv *rest, fw_sv *ret)
{
    if (rest->n == 0) {
        return false;
    }
    size_t depth = 0;
    bool quoted = false;
    size_t i = 0;
    for (; i < rest->n; i++) {
        char c = rest->p[i];
        if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == '[') {
            depth++;
        } else if (!quoted && c == ']') {
            depth -= depth > 0;
        } else if (!quoted && depth == 0 && c == ',') {
            break;
        }
    }
    *ret = fw_sv_trim(fw_sv_sub(*rest, 0, i));
    *rest = fw_sv_sub(*rest, i + 1, SIZE_MAX);
    return true;
}

bool fw_idstuning_sids(fw_sv text, struct fw_tuning *ret)
{
    uint32_t gid = 1;
    uint32_t sid;
    uint32_t last;
    size_t colon = fw_sv_find_char(text, ':');
    fw_sv rest = text;
    if (colon != SIZE_MAX) {
        if (!fw_sv_u32(fw_sv_sub(text, 0, colon), UINT32_MAX, &gid)) {
            return false;
        }
        rest = fw_sv_sub(text, colon + 1, SIZE_MAX);
        if (fw_sv_is(rest, "*")) {
            ret->select = FW_SELECT_GID;
            ret->gid = gid;
            return true;
        }
    }
    size_t dash = fw_sv_find_char(rest, '-');
    if (!fw_sv_u32(fw_sv_sub(rest, 0, dash), UINT32_MAX, &sid)) {
        return false;
    }
    last = sid;
    if (dash != SIZE_MAX) {
        fw_sv end = fw_sv_sub(rest, dash + 1, SIZE_MAX);
        size_t again = fw_sv_find_char(end, ':');
        uint32_t same;
        if (again != SIZE_MAX) {
            if (!fw_sv_u32(fw_sv_sub(end, 0, again), UINT32_MAX, &same) || same != gid) {
                return false;
            }
            end = fw_sv_sub(end, again + 1, SIZE_MAX);
        }
        if (!fw_sv_u32(end, UINT32_MAX, &last) || last < sid) {
            return false;
        }
    }
    ret->select = FW_SELECT_SID;
    ret->gid = gid;
    ret->sid = sid;
    ret->sid_last = last;
    return true;
}

void fw_idstuning_add(struct fw_doc *doc, struct fw_idsconf *conf, const struct fw_tuning *tuning)
{
    conf->tunings = fw_arena_push(&doc->arena, conf->tunings, conf->ntunings,
                                  sizeof(conf->tunings[0]));
    conf->tunings[conf->ntunings++] = *tuning;
}

struct entry {
    struct fw_tuning tuning;
    bool has_gid, has_sid;
    fw_sv wrong; /* the part that cannot be read */
};

static bool take_track(struct fw_tuning *t, fw_sv value)
{
    static const struct {
        const char *word;
        enum fw_tuning_track track;
    } words[] = {{"by_src", FW_TRACK_BY_SRC},       {"by_dst", FW_TRACK_BY_DST},
                 {"by_either", FW_TRACK_BY_EITHER}, {"by_rule", FW_TRACK_BY_RULE},
                 {"by_both", FW_TRACK_BY_BOTH},     {"by_flow", FW_TRACK_BY_FLOW}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (fw_sv_is_nocase(value, words[i].word)) {
            t->track = words[i].track;
            return true;
        }
    }
    return false;
}

static bool take_number(fw_sv value, bool *ret_has, uint32_t *ret)
{
    *ret_has = fw_sv_u32(value, UINT32_MAX, ret);
    return *ret_has;
}

static void take_addresses(struct fw_tuning *t, fw_sv value)
{
    t->negated = value.n > 0 && value.p[0] == '!';
    t->addresses = fw_sv_trim(fw_sv_sub(value, t->negated, SIZE_MAX));
}

static bool take_part(struct entry *e, fw_sv key, fw_sv value)
{
    struct fw_tuning *t = &e->tuning;
    bool has;
    if (fw_sv_is(key, "gen_id")) {
        return take_number(value, &e->has_gid, &t->gid);
    }
    if (fw_sv_is(key, "sig_id")) {
        return take_number(value, &e->has_sid, &t->sid);
    }
    if (fw_sv_is(key, "track")) {
        return take_track(t, value);
    }
    if (fw_sv_is(key, "ip") || fw_sv_is(key, "apply_to")) {
        take_addresses(t, value);
        return value.n > 0;
    }
    if (fw_sv_is(key, "type") || fw_sv_is(key, "new_action") || fw_sv_is(key, "unique_on")) {
        t->type = value;
        return value.n > 0;
    }
    if (fw_sv_is(key, "count")) {
        /* -1 switches a threshold off */
        return fw_sv_is(value, "-1") || take_number(value, &t->has_count, &t->count);
    }
    if (fw_sv_is(key, "seconds")) {
        return take_number(value, &t->has_seconds, &t->seconds);
    }
    if (fw_sv_is(key, "timeout")) {
        return take_number(value, &t->has_timeout, &t->timeout);
    }
    if (fw_sv_is(key, "multiplier")) {
        uint32_t n;
        return take_number(value, &has, &n);
    }
    return false;
}

/* What the kind cannot do without. */
static const char *missing(const struct entry *e)
{
    const struct fw_tuning *t = &e->tuning;
    if (!e->has_gid || !e->has_sid) {
        return "gen_id and sig_id";
    }
    if (t->kind == FW_TUNING_SUPPRESS) {
        return t->addresses.n > 0 && t->track == FW_TRACK_NONE ? "track by_src or by_dst" : NULL;
    }
    if (t->type.n == 0) {
        return t->kind == FW_TUNING_RATE_FILTER ? "new_action" : "type limit, threshold or both";
    }
    return t->track == FW_TRACK_NONE ? "track by_src or by_dst" : NULL;
}

static bool kind_of(fw_sv word, enum fw_tuning_kind *ret)
{
    static const enum fw_tuning_kind kinds[] = {FW_TUNING_SUPPRESS, FW_TUNING_THRESHOLD,
                                                FW_TUNING_EVENT_FILTER, FW_TUNING_RATE_FILTER};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (fw_sv_is(word, fw_tuning_name(kinds[i]))) {
            *ret = kinds[i];
            return true;
        }
    }
    return false;
}

/* Which signatures: 0 stands for all. */
static void settle(struct fw_tuning *t)
{
    t->sid_last = t->sid;
    t->select = t->sid != 0 ? FW_SELECT_SID : t->gid != 0 ? FW_SELECT_GID : FW_SELECT_ALL;
}

/* Whether every part could be read. */
static bool take_parts(struct entry *e, fw_sv rest)
{
    fw_sv part;
    while (e->wrong.n == 0 && fw_idslist_next(&rest, &part)) {
        fw_sv value = part;
        fw_sv key;
        if (!fw_sv_word(&value, &key) || !take_part(e, key, fw_sv_trim(value))) {
            e->wrong = part.n > 0 ? part : FW_SV(",");
        }
    }
    return e->wrong.n == 0;
}

bool fw_idstuning_option(enum fw_tuning_kind kind, fw_sv value, struct fw_tuning *ret)
{
    struct entry e = {.tuning = {.kind = kind, .in_rule = true}};
    if (!take_parts(&e, value) || e.has_gid || e.has_sid || e.tuning.track == FW_TRACK_NONE) {
        return false;
    }
    *ret = e.tuning;
    return true;
}

bool fw_idstuning_read(struct fw_doc *doc, struct fw_idsconf *conf, struct fw_idsnotes *notes,
                       const struct fw_idsstatement *statement)
{
    struct entry e = {.tuning = {.span = statement->span}};
    fw_sv rest = statement->text;
    fw_sv word;
    if (!fw_sv_word(&rest, &word) || !kind_of(word, &e.tuning.kind)) {
        return false;
    }
    take_parts(&e, rest);
    e.tuning.note = fw_idsnotes_take(notes, statement->comment, statement->first);
    const char *lacks = missing(&e);
    fw_doc_mark_range(doc, statement->first, statement->last,
                      e.wrong.n > 0 || lacks ? FW_LINE_BAD : FW_LINE_USED);
    if (e.wrong.n > 0) {
        fw_doc_bad(doc, statement->first, e.wrong, "cannot read \"%.*s\" in this %s",
                   FW_SV_ARG(fw_sv_sub(e.wrong, 0, 80)), fw_tuning_name(e.tuning.kind));
    } else if (lacks) {
        fw_doc_bad(doc, statement->first, word, "expected %s in this %s", lacks,
                   fw_tuning_name(e.tuning.kind));
    } else {
        settle(&e.tuning);
        fw_idstuning_add(doc, conf, &e.tuning);
    }
    return true;
}
