/* Answers: which advisories of a feed are about a product, and about which versions of it? A feed
 * looks like this:
 *
 *   {"format": "NVD_CVE", "version": "2.0", "timestamp": "2026-07-01T02:00:00.000",
 *    "vulnerabilities": [{"cve": {"id": "CVE-2026-0001",
 *      "metrics": {"cvssMetricV31": [{"type": "Primary", "cvssData": {"baseScore": 7.5}}]},
 *      "configurations": [{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [
 *        {"vulnerable": true, "criteria": "cpe:2.3:a:oisf:suricata:*:*:*:*:*:*:*:*",
 *         "versionStartIncluding": "7.0.0", "versionEndExcluding": "7.0.6"}]}]}]}}]}
 *
 * It is walked in place: nothing is built of what is not asked for.
 */
#include "parsers/advisories.h"

#include <string.h>

#include "core/time.h"
#include "parsers/jsonl.h"

enum { SUMMARY_BYTES = 400, CPE_PARTS = 7 };

/* Metrics from the newest version of CVSS to the oldest: the first that is there counts. */
static const char *const metrics[] = {"cvssMetricV40", "cvssMetricV31", "cvssMetricV30",
                                      "cvssMetricV2"};
enum { METRICS = sizeof(metrics) / sizeof(metrics[0]) };

struct feed {
    struct fw_doc *doc;
    const char *const *products;
    struct fw_advisory *v;
    size_t n;
    uint64_t total;
    bool bad;
};

/* --- versions ------------------------------------------------------------------------------- */

static bool is_separator(char c)
{
    return c == '.' || c == '-' || c == '_' || c == '+' || c == '~' || c == ' ';
}

/* A run of digits or of other characters; false at the end. */
static bool next_part(fw_sv *rest, fw_sv *ret, bool *ret_number)
{
    while (rest->n > 0 && is_separator(*rest->p)) {
        *rest = fw_sv_sub(*rest, 1, SIZE_MAX);
    }
    if (rest->n == 0) {
        return false;
    }
    bool number = fw_is_digit(*rest->p);
    size_t n = 0;
    while (n < rest->n && !is_separator(rest->p[n]) && fw_is_digit(rest->p[n]) == number) {
        n++;
    }
    *ret = fw_sv_sub(*rest, 0, n);
    *rest = fw_sv_sub(*rest, n, SIZE_MAX);
    *ret_number = number;
    return true;
}

static int compare_numbers(fw_sv a, fw_sv b)
{
    while (a.n > 0 && *a.p == '0') {
        a = fw_sv_sub(a, 1, SIZE_MAX);
    }
    while (b.n > 0 && *b.p == '0') {
        b = fw_sv_sub(b, 1, SIZE_MAX);
    }
    if (a.n != b.n) {
        return a.n < b.n ? -1 : 1;
    }
    return fw_sv_cmp(a, b);
}

/* What the shorter one lacks: zeros change nothing, letters such as rc make it earlier, and any
 * other number later. */
static int rest_sign(fw_sv part, bool number, fw_sv rest)
{
    do {
        if (!number) {
            return -1;
        }
        if (compare_numbers(part, FW_SV("0")) != 0) {
            return 1;
        }
    } while (next_part(&rest, &part, &number));
    return 0;
}

int fw_version_cmp(fw_sv a, fw_sv b)
{
    for (;;) {
        fw_sv x;
        fw_sv y;
        bool x_number = false;
        bool y_number = false;
        bool has_x = next_part(&a, &x, &x_number);
        bool has_y = next_part(&b, &y, &y_number);
        if (!has_x || !has_y) {
            return has_x ? rest_sign(x, x_number, a) : has_y ? -rest_sign(y, y_number, b) : 0;
        }
        if (x_number != y_number) {
            return x_number ? 1 : -1; /* 7.0.0 is after 7.0.rc1 */
        }
        int order = x_number ? compare_numbers(x, y) : fw_sv_cmp(x, y);
        if (order != 0) {
            return order;
        }
    }
}

/* --- one advisory --------------------------------------------------------------------------- */

static fw_sv text_of(struct feed *feed, const struct fw_jsonl_value *value)
{
    return fw_jsonl_text(value, &feed->doc->arena);
}

static bool member_of(fw_sv object, const char *name, struct fw_jsonl_value *ret)
{
    struct fw_jsonl json;
    fw_sv key;
    if (!fw_jsonl_open(object, '{', &json)) {
        return false;
    }
    while (fw_jsonl_member(&json, &key, ret)) {
        if (fw_sv_is(key, name)) {
            return true;
        }
    }
    return false;
}

/* Without the backslashes that CPE puts before punctuation. */
static fw_sv unescape_cpe(struct feed *feed, fw_sv text)
{
    if (fw_sv_find_char(text, '\\') == SIZE_MAX) {
        return text;
    }
    char *copy = fw_new_array(&feed->doc->arena, text.n, char);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' && i + 1 < text.n) {
            i++;
        }
        copy[n++] = text.p[i];
    }
    return fw_sv_of(copy, n);
}

/* cpe:2.3:a:oisf:suricata:7.0.0:rc1:... */
static bool split_cpe(struct feed *feed, fw_sv text, fw_sv parts[CPE_PARTS])
{
    size_t n = 0;
    size_t from = 0;
    for (size_t i = 0; i <= text.n && n < CPE_PARTS; i++) {
        if (i < text.n && text.p[i] == '\\') {
            i++;
        } else if (i == text.n || text.p[i] == ':') {
            parts[n++] = unescape_cpe(feed, fw_sv_sub(text, from, i - from));
            from = i + 1;
        }
    }
    return n == CPE_PARTS && fw_sv_is(parts[0], "cpe") && fw_sv_is(parts[1], "2.3");
}

static bool is_asked(const struct feed *feed, fw_sv product)
{
    for (size_t i = 0; feed->products[i]; i++) {
        if (fw_sv_is_nocase(product, feed->products[i])) {
            return true;
        }
    }
    return false;
}

static void take_match(struct feed *feed, fw_sv object, bool conditional, struct fw_affected **v,
                       size_t *n)
{
    struct fw_jsonl json;
    struct fw_jsonl_value value;
    struct fw_affected affected = {.conditional = conditional};
    bool vulnerable = false;
    fw_sv key;
    fw_sv parts[CPE_PARTS] = {{0}};
    if (!fw_jsonl_open(object, '{', &json)) {
        return;
    }
    while (fw_jsonl_member(&json, &key, &value)) {
        if (fw_sv_is(key, "vulnerable")) {
            vulnerable = fw_sv_is(value.raw, "true");
        } else if (fw_sv_is(key, "criteria")) {
            if (!split_cpe(feed, text_of(feed, &value), parts)) {
                return;
            }
        } else if (fw_sv_is(key, "versionStartIncluding")) {
            affected.start = text_of(feed, &value);
        } else if (fw_sv_is(key, "versionStartExcluding")) {
            affected.start = text_of(feed, &value);
            affected.start_excluded = true;
        } else if (fw_sv_is(key, "versionEndIncluding")) {
            affected.end = text_of(feed, &value);
        } else if (fw_sv_is(key, "versionEndExcluding")) {
            affected.end = text_of(feed, &value);
            affected.end_excluded = true;
        }
    }
    if (!vulnerable || !is_asked(feed, parts[4])) {
        return;
    }
    affected.vendor = parts[3];
    affected.product = parts[4];
    affected.version = parts[5];
    affected.update = parts[6];
    *v = fw_arena_push(&feed->doc->arena, *v, *n, sizeof(**v));
    (*v)[(*n)++] = affected;
}

/* Every object of an array. */
struct walk {
    struct fw_jsonl json;
    bool open;
};

static struct walk walk_array(fw_sv object, const char *name)
{
    struct walk walk = {.open = false};
    struct fw_jsonl_value value;
    if (member_of(object, name, &value)) {
        walk.open = fw_jsonl_open(value.raw, '[', &walk.json);
    }
    return walk;
}

static bool next_object(struct walk *walk, fw_sv *ret)
{
    struct fw_jsonl_value value;
    while (walk->open && fw_jsonl_item(&walk->json, &value)) {
        if (value.type == FW_JSONL_OBJECT) {
            *ret = value.raw;
            return true;
        }
    }
    return false;
}

/* Nodes of one configuration that all must hold make each of them conditional, and so does one that
 * is negated: what it excludes was not looked at. */
static void take_affected(struct feed *feed, fw_sv cve, struct fw_advisory *advisory)
{
    struct fw_affected *v = NULL;
    struct walk configurations = walk_array(cve, "configurations");
    fw_sv configuration;
    while (next_object(&configurations, &configuration)) {
        struct fw_jsonl_value operator;
        bool all = member_of(configuration, "operator", &operator) && fw_sv_is(operator.raw, "AND");
        struct walk nodes = walk_array(configuration, "nodes");
        fw_sv node;
        while (next_object(&nodes, &node)) {
            struct fw_jsonl_value value;
            bool negated = member_of(node, "negate", &value) && fw_sv_is(value.raw, "true");
            bool and_node = member_of(node, "operator", &value) && fw_sv_is(value.raw, "AND");
            struct walk matches = walk_array(node, "cpeMatch");
            fw_sv match;
            while (next_object(&matches, &match)) {
                take_match(feed, match, all || negated || and_node, &v, &advisory->naffected);
            }
        }
    }
    advisory->affected = v;
}

/* "7.5" is 75. */
static bool score_of(fw_sv text, unsigned *ret)
{
    uint32_t whole;
    uint32_t tenth = 0;
    size_t dot = fw_sv_find_char(text, '.');
    if (!fw_sv_u32(fw_sv_sub(text, 0, dot), 10, &whole)) {
        return false;
    }
    if (dot != SIZE_MAX && !fw_sv_u32(fw_sv_sub(text, dot + 1, 1), 9, &tenth)) {
        return false;
    }
    *ret = whole * 10 + tenth;
    return *ret <= 100;
}

/* The highest of the newest version of the scale: the database's own and the reporter's differ. */
static void take_score(fw_sv cve, struct fw_advisory *advisory)
{
    struct fw_jsonl_value all;
    if (!member_of(cve, "metrics", &all)) {
        return;
    }
    for (size_t i = 0; i < METRICS && !advisory->has_score; i++) {
        struct walk walk = walk_array(all.raw, metrics[i]);
        fw_sv metric;
        while (next_object(&walk, &metric)) {
            struct fw_jsonl_value data;
            struct fw_jsonl_value score;
            unsigned score10;
            if (member_of(metric, "cvssData", &data) && member_of(data.raw, "baseScore", &score) &&
                score_of(score.raw, &score10)) {
                advisory->has_score = true;
                advisory->score10 = score10 > advisory->score10 ? score10 : advisory->score10;
            }
        }
    }
}

static void take_summary(struct feed *feed, fw_sv cve, struct fw_advisory *advisory)
{
    struct walk walk = walk_array(cve, "descriptions");
    fw_sv description;
    while (next_object(&walk, &description)) {
        struct fw_jsonl_value value;
        if (member_of(description, "lang", &value) && fw_sv_is(value.raw, "en") &&
            member_of(description, "value", &value)) {
            advisory->summary = fw_sv_sub(text_of(feed, &value), 0, SUMMARY_BYTES);
            return;
        }
    }
}

static void take_advisory(struct feed *feed, fw_sv item)
{
    struct fw_jsonl_value cve;
    struct fw_jsonl_value value;
    struct fw_advisory advisory = {0};
    if (!member_of(item, "cve", &cve) || cve.type != FW_JSONL_OBJECT ||
        !member_of(cve.raw, "id", &value) || value.type != FW_JSONL_STRING) {
        feed->bad = true;
        return;
    }
    feed->total++;
    advisory.id = text_of(feed, &value);
    if (member_of(cve.raw, "vulnStatus", &value) && fw_sv_is(value.raw, "Rejected")) {
        return;
    }
    take_affected(feed, cve.raw, &advisory);
    if (advisory.naffected == 0) {
        return;
    }
    take_score(cve.raw, &advisory);
    take_summary(feed, cve.raw, &advisory);
    if (member_of(cve.raw, "published", &value)) {
        advisory.published = text_of(feed, &value);
    }
    advisory.exploited = member_of(cve.raw, "cisaExploitAdd", &value);
    feed->v = fw_arena_push(&feed->doc->arena, feed->v, feed->n, sizeof(*feed->v));
    feed->v[feed->n++] = advisory;
}

static int64_t time_of(fw_sv text)
{
    struct fw_stamp stamp;
    return fw_stamp_rfc3339(&text, &stamp) && stamp.year != 0 ? fw_stamp_ns(&stamp, 0) : INT64_MIN;
}

static bool take_feed(struct feed *feed, int64_t *ret_time)
{
    struct fw_jsonl json;
    struct fw_jsonl_value value;
    fw_sv key;
    bool listed = false;
    if (!fw_jsonl_open(feed->doc->text, '{', &json)) {
        return false;
    }
    while (fw_jsonl_member(&json, &key, &value)) {
        if (fw_sv_is(key, "timestamp") && value.type == FW_JSONL_STRING) {
            *ret_time = time_of(text_of(feed, &value));
        } else if (fw_sv_is(key, "vulnerabilities")) {
            struct walk walk = {.open = fw_jsonl_open(value.raw, '[', &walk.json)};
            fw_sv item;
            while (next_object(&walk, &item)) {
                take_advisory(feed, item);
            }
            listed = walk.open && !walk.json.bad;
        }
    }
    return listed && fw_jsonl_closed(&json);
}

/* A key of a JSON text cannot stand inside one of its strings: there its quotes are escaped. */
static bool has_key(fw_sv head, fw_sv key, fw_sv *ret_value)
{
    size_t at = fw_sv_find(head, key);
    fw_sv rest = fw_sv_trim(fw_sv_sub(head, at == SIZE_MAX ? head.n : at + key.n, SIZE_MAX));
    *ret_value = fw_sv_trim(fw_sv_sub(rest, 1, SIZE_MAX));
    return rest.n > 0 && rest.p[0] == ':';
}

bool fw_advisories_is(fw_sv head)
{
    fw_sv format;
    fw_sv list;
    return fw_sv_starts(fw_sv_trim(head), "{") && has_key(head, FW_SV("\"format\""), &format) &&
           fw_sv_starts(format, "\"NVD_CVE\"") &&
           has_key(head, FW_SV("\"vulnerabilities\""), &list);
}

enum fw_err fw_advisories_parse(struct fw_doc *doc, const char *const *products,
                                struct fw_advisories *ret)
{
    struct feed feed = {.doc = doc, .products = products};
    int64_t time_ns = INT64_MIN;
    bool whole = take_feed(&feed, &time_ns);
    if (!whole || feed.bad) {
        fw_doc_warn(doc, FW_DIAG_ID_RECORD_INVALID, 1, (fw_sv){0},
                    whole ? "an advisory of the feed has no id"
                          : "this is no feed of advisories in NVD's JSON 2.0, or it is cut off");
        return FW_ERR_INVALID;
    }
    fw_doc_mark_range(doc, 1, doc->nlines, FW_LINE_USED);
    *ret = (struct fw_advisories){feed.n, feed.v, feed.total, time_ns, doc->path};
    return FW_OK;
}

static bool in_range(const struct fw_affected *a, fw_sv version)
{
    if (a->start.n > 0) {
        int order = fw_version_cmp(version, a->start);
        if (order < 0 || (order == 0 && a->start_excluded)) {
            return false;
        }
    }
    if (a->end.n > 0) {
        int order = fw_version_cmp(version, a->end);
        if (order > 0 || (order == 0 && a->end_excluded)) {
            return false;
        }
    }
    return true;
}

/* A release candidate in the criteria is not the release. */
static bool is_version(const struct fw_affected *a, fw_sv version)
{
    if (fw_sv_is(a->version, "-")) {
        return false;
    }
    bool updated = a->update.n > 0 && !fw_sv_is(a->update, "*") && !fw_sv_is(a->update, "-");
    if (!updated) {
        return fw_version_cmp(version, a->version) == 0;
    }
    fw_sv rest = fw_sv_sub(version, a->version.n, SIZE_MAX);
    return fw_sv_eq(fw_sv_sub(version, 0, a->version.n), a->version) && rest.n > 0 &&
           fw_version_cmp(rest, a->update) == 0;
}

bool fw_advisory_affects(const struct fw_advisory *advisory, fw_sv product, fw_sv version,
                         bool *ret_conditional)
{
    bool found = false;
    bool conditional = true;
    for (size_t i = 0; i < advisory->naffected; i++) {
        const struct fw_affected *a = &advisory->affected[i];
        bool any = fw_sv_is(a->version, "*");
        if (fw_sv_eq_nocase(a->product, product) &&
            (any ? in_range(a, version) : is_version(a, version))) {
            found = true;
            conditional = conditional && a->conditional;
        }
    }
    *ret_conditional = found && conditional;
    return found;
}
