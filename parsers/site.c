/* Answers: what does an agency declare about itself, and what is wrong with how it says so? A site
 * file begins like this:
 *
 *   {
 *     "agency": {"name": "某某機關", "level": "中"},
 *     "period": {"name": "2026Q2"}, "as_of": "2026-07-05", "timezone": "Asia/Taipei",
 */
#include "parsers/site.h"

#include <string.h>

#include "core/file.h"
#include "core/pattern.h"
#include "core/source.h"
#include "core/text.h"
#include "core/time.h"
#include "core/walk.h"
#include "parsers/site_impl.h"

/* People write site files: a megabyte is a mistake. */
#define FILE_BYTES (UINT64_C(1) << 20)
/* Edits within which another name counts as a slip of the keyboard. */
#define SUGGEST_EDITS 2

static const char *const trusts[FW_TRUST_COUNT] = {
    [FW_TRUST_UNTRUSTED] = "untrusted", [FW_TRUST_DMZ] = "dmz",
    [FW_TRUST_INTERNAL] = "internal",   [FW_TRUST_MANAGEMENT] = "management",
    [FW_TRUST_TEST] = "test",
};

/* --- values --------------------------------------------------------------------------------- */

bool fw_site_object(struct fw_site_reader *reader, const struct fw_jvalue *value, const char *what,
                    const struct fw_jfield *fields)
{
    if (!value) {
        return false;
    }
    fw_json_check(&reader->file, value, what, fields);
    return value->type == FW_JSON_OBJECT;
}

fw_sv fw_site_text(struct fw_site_reader *reader, const struct fw_jvalue *object, const char *key)
{
    const struct fw_jvalue *value = fw_json_find(object, key);
    if (!value || value->type != FW_JSON_STRING) {
        return (fw_sv){0}; /* a wrong type was reported with the table of keys */
    }
    if (fw_sv_trim(value->text).n == 0) {
        fw_json_error(&reader->file, value->span, "\"%s\" is empty", key);
        return (fw_sv){0};
    }
    return value->text;
}

bool fw_site_time(struct fw_site_reader *reader, const struct fw_jvalue *object, const char *key,
                  int32_t zone_seconds, bool end_of_day, int64_t *ret_ns)
{
    const struct fw_jvalue *value = fw_json_find(object, key);
    if (!value || value->type != FW_JSON_STRING) {
        return false;
    }
    if (!fw_time_parse(value->text, zone_seconds, end_of_day, ret_ns)) {
        fw_json_error(&reader->file, value->span,
                      "\"%.*s\" is no date: write 2026-07-05 or 2026-07-05T10:00:00+08:00",
                      FW_SV_ARG(value->text));
        return false;
    }
    return true;
}

bool fw_site_zone(struct fw_site_reader *reader, const struct fw_jvalue *object, const char *key,
                  int32_t *ret_seconds)
{
    const struct fw_jvalue *value = fw_json_find(object, key);
    if (!value || value->type != FW_JSON_STRING) {
        return false;
    }
    if (!fw_zone_parse(value->text, ret_seconds)) {
        fw_json_error(&reader->file, value->span,
                      "\"%.*s\" is no time zone without summer time: write UTC, Asia/Taipei or "
                      "+08:00",
                      FW_SV_ARG(value->text));
        return false;
    }
    return true;
}

const fw_sv *fw_site_texts(struct fw_site_reader *reader, const struct fw_jvalue *object,
                           const char *key, size_t *ret_n)
{
    const struct fw_jvalue *value = fw_json_find(object, key);
    const struct fw_jvalue *items = value;
    size_t n = value ? 1 : 0;
    if (value && value->type == FW_JSON_ARRAY) {
        items = value->items;
        n = value->count;
    }
    fw_sv *v = fw_new_array(reader->arena, n + 1, fw_sv);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        if (items[i].type != FW_JSON_STRING || items[i].text.n == 0) {
            fw_json_error(&reader->file, items[i].span, "\"%s\" must be a text or a list of texts",
                          key);
        } else {
            v[(*ret_n)++] = items[i].text;
        }
    }
    return v;
}

size_t fw_site_choice(struct fw_site_reader *reader, const struct fw_jvalue *value,
                      const char *const *names, size_t count)
{
    if (!value || value->type != FW_JSON_STRING) {
        return count;
    }
    fw_sv known = FW_SV("");
    const char *nearest = NULL;
    size_t best = SUGGEST_EDITS + 1;
    for (size_t i = 0; i < count; i++) {
        if (fw_sv_is(value->text, names[i])) {
            return i;
        }
        size_t edits = fw_text_distance(value->text, fw_sv_from(names[i]), SUGGEST_EDITS);
        if (edits < best && edits < strlen(names[i])) {
            best = edits;
            nearest = names[i];
        }
        known = fw_arena_printf(reader->arena, "%.*s%s%s", FW_SV_ARG(known), i ? ", " : "",
                                names[i]);
    }
    if (nearest) {
        fw_json_error(&reader->file, value->span, "unknown value \"%.*s\", did you mean \"%s\"?",
                      FW_SV_ARG(value->text), nearest);
    } else {
        fw_json_error(&reader->file, value->span, "unknown value \"%.*s\", expected one of %.*s",
                      FW_SV_ARG(value->text), FW_SV_ARG(known));
    }
    return count;
}

bool fw_site_exists(struct fw_site_reader *reader, const struct fw_jvalue *value)
{
    const char *dir = fw_arena_cstr(reader->arena, reader->site->dir);
    fw_sv path = fw_path_join(reader->arena, reader->site->dir, value->text);
    if (fw_file_exists(path.p)) {
        return true;
    }
    fw_sv folder = fw_path_dir(value->text);
    fw_sv pattern = fw_arena_printf(reader->arena, "%.*s/*", FW_SV_ARG(folder));
    struct fw_paths near = {0};
    fw_sv nearest = {0};
    size_t best = SUGGEST_EDITS + 1;
    if (fw_glob(reader->arena, dir, pattern, &near) == FW_OK) {
        for (size_t i = 0; i < near.n; i++) {
            fw_sv name = fw_path_name(near.v[i]);
            size_t edits = fw_text_distance(fw_path_name(value->text), name, SUGGEST_EDITS);
            if (edits < best) {
                best = edits;
                nearest = name;
            }
        }
    }
    if (nearest.p) {
        fw_json_error(&reader->file, value->span,
                      "there is no file \"%.*s\", did you mean \"%.*s\"?", FW_SV_ARG(value->text),
                      FW_SV_ARG(nearest));
    } else {
        fw_json_error(&reader->file, value->span, "there is no file \"%.*s\"",
                      FW_SV_ARG(value->text));
    }
    return false;
}

static bool read_range(struct fw_site_reader *reader, const struct fw_jvalue *value,
                       fw_iprange *ret)
{
    bool host_bits = false;
    if (value->type != FW_JSON_STRING || !fw_iprange_parse(value->text, ret, &host_bits)) {
        fw_json_error(&reader->file, value->span,
                      "expected an address or a network such as 192.0.2.0/24 or 2001:db8::/32");
        return false;
    }
    if (host_bits) {
        struct fw_buf network;
        fw_buf_init(&network);
        fw_iprange_text(&network, *ret);
        fw_json_error(&reader->file, value->span,
                      "\"%.*s\" has bits outside its prefix, did you mean \"%s\"?",
                      FW_SV_ARG(value->text), network.p ? network.p : "");
        fw_buf_clear(&network);
        return false;
    }
    return true;
}

static const fw_iprange *read_ranges(struct fw_site_reader *reader, const struct fw_jvalue *array,
                                     size_t *ret_n)
{
    size_t n = array && array->type == FW_JSON_ARRAY ? array->count : 0;
    fw_iprange *v = fw_new_array(reader->arena, n + 1, fw_iprange);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        *ret_n += read_range(reader, &array->items[i], &v[*ret_n]);
    }
    return v;
}

static unsigned read_months(struct fw_site_reader *reader, const struct fw_jvalue *object,
                            const char *key, unsigned most, unsigned fallback, bool *ret_said)
{
    const struct fw_jvalue *value = fw_json_find(object, key);
    if (!value || value->type != FW_JSON_NUMBER) {
        return fallback;
    }
    uint32_t months;
    if (!fw_sv_u32(value->text, most, &months) || months == 0) {
        fw_json_error(&reader->file, value->span, "\"%s\" is a whole number from 1 to %u", key,
                      most);
        return fallback;
    }
    *ret_said = true;
    return months;
}

/* --- sections ------------------------------------------------------------------------------- */

static void read_agency(struct fw_site_reader *reader, const struct fw_jvalue *value)
{
    static const struct fw_jfield fields[] = {
        {"name", FW_JSON_STRING, true}, {"name_en", FW_JSON_STRING, false},
        {"id", FW_JSON_STRING, false},  {"level", FW_JSON_STRING, false},
        {NULL, FW_JSON_NULL, false},
    };
    static const char *const levels[] = {"普", "中", "高"};
    if (!fw_site_object(reader, value, "agency", fields)) {
        return;
    }
    struct fw_site *site = reader->site;
    site->agency = fw_site_text(reader, value, "name");
    site->agency_en = fw_site_text(reader, value, "name_en");
    site->unit_id = fw_site_text(reader, value, "id");
    site->level = fw_site_text(reader, value, "level");
    if (site->level.p) {
        fw_site_choice(reader, fw_json_find(value, "level"), levels, 3);
    }
}

/* "2026Q2" gives 2026-04-01 to 2026-06-30. */
static bool quarter_of(fw_sv name, int32_t zone_seconds, int64_t *ret_from, int64_t *ret_to)
{
    uint32_t year;
    uint32_t quarter;
    if (name.n != 6 || name.p[4] != 'Q' || !fw_sv_u32(fw_sv_sub(name, 0, 4), 2200, &year) ||
        !fw_sv_u32(fw_sv_sub(name, 5, 1), 4, &quarter) || quarter == 0 || year < 1970) {
        return false;
    }
    struct fw_date first = {(int32_t)year, (uint8_t)(quarter * 3 - 2), 1};
    struct fw_date next = fw_date_add_months(first, 3);
    int64_t zone = zone_seconds * FW_NS_PER_SEC;
    int64_t day = INT64_C(86400) * FW_NS_PER_SEC;
    *ret_from = fw_date_days(first) * day - zone;
    *ret_to = fw_date_days(next) * day - zone - 1;
    return true;
}

static void read_period(struct fw_site_reader *reader, const struct fw_jvalue *value)
{
    static const struct fw_jfield fields[] = {
        {"name", FW_JSON_STRING, true},
        {"from", FW_JSON_STRING, false},
        {"to", FW_JSON_STRING, false},
        {NULL, FW_JSON_NULL, false},
    };
    if (!fw_site_object(reader, value, "period", fields)) {
        return;
    }
    struct fw_site *site = reader->site;
    site->period = fw_site_text(reader, value, "name");
    bool known = quarter_of(site->period, site->zone_seconds, &site->from_ns, &site->to_ns);
    const struct fw_jvalue *from = fw_json_find(value, "from");
    const struct fw_jvalue *to = fw_json_find(value, "to");
    if (!known && (!from || !to)) {
        fw_json_error(&reader->file, value->span,
                      "period needs \"from\" and \"to\" unless its name is a quarter such as "
                      "2026Q2");
        return;
    }
    fw_site_time(reader, value, "from", site->zone_seconds, false, &site->from_ns);
    fw_site_time(reader, value, "to", site->zone_seconds, true, &site->to_ns);
    if (site->from_ns >= site->to_ns) {
        fw_json_error(&reader->file, value->span, "the period ends before it begins");
    }
}

static fw_sv read_file(struct fw_site_reader *reader, const struct fw_jvalue *root, const char *key)
{
    fw_sv path = fw_site_text(reader, root, key);
    if (path.p) {
        fw_site_exists(reader, fw_json_find(root, key));
    }
    return path;
}

/* {"allow": ["TW"]} or {"deny": ["XX"]} */
static void read_countries(struct fw_site_reader *reader, const struct fw_jvalue *value)
{
    static const struct fw_jfield fields[] = {
        {"allow", FW_JSON_ARRAY, false},
        {"deny", FW_JSON_ARRAY, false},
        {NULL, FW_JSON_NULL, false},
    };
    struct fw_site *site = reader->site;
    if (!fw_site_object(reader, value, "countries", fields)) {
        return;
    }
    const struct fw_jvalue *allow = fw_json_find(value, "allow");
    const struct fw_jvalue *deny = fw_json_find(value, "deny");
    if ((allow != NULL) == (deny != NULL)) {
        fw_json_error(&reader->file, value->span, "countries holds either \"allow\" or \"deny\"");
        return;
    }
    site->has_countries = true;
    site->countries_allowed = allow != NULL;
    site->countries = fw_site_texts(reader, value, allow ? "allow" : "deny", &site->ncountries);
    for (size_t i = 0; i < site->ncountries; i++) {
        fw_sv code = site->countries[i];
        bool good = code.n == 2;
        for (size_t k = 0; k < code.n; k++) {
            good = good && code.p[k] >= 'A' && code.p[k] <= 'Z';
        }
        if (!good) {
            fw_json_error(&reader->file, value->span,
                          "\"%.*s\" is no country: write two capital letters such as TW",
                          FW_SV_ARG(code));
        }
    }
    if (!site->geoip.p) {
        fw_json_error(&reader->file, value->span,
                      "countries need \"geoip\", a database that says where addresses are");
    }
}

static void read_zones(struct fw_site_reader *reader, const struct fw_jvalue *array)
{
    static const struct fw_jfield fields[] = {
        {"name", FW_JSON_STRING, true},     {"trust", FW_JSON_STRING, true},
        {"networks", FW_JSON_ARRAY, false}, {"interfaces", FW_JSON_ANY, false},
        {"watched", FW_JSON_BOOL, false},   {NULL, FW_JSON_NULL, false},
    };
    size_t n = array && array->type == FW_JSON_ARRAY ? array->count : 0;
    struct fw_zone *v = fw_new_array(reader->arena, n + 1, struct fw_zone);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        const struct fw_jvalue *value = &array->items[i];
        if (!fw_site_object(reader, value, "a zone", fields)) {
            continue;
        }
        struct fw_zone *zone = &v[count++];
        zone->span = value->span;
        zone->name = fw_site_text(reader, value, "name");
        size_t trust = fw_site_choice(reader, fw_json_find(value, "trust"), trusts, FW_TRUST_COUNT);
        zone->trust = trust < FW_TRUST_COUNT ? (enum fw_trust)trust : FW_TRUST_UNTRUSTED;
        size_t nranges;
        const fw_iprange *ranges = read_ranges(reader, fw_json_find(value, "networks"), &nranges);
        zone->networks = fw_ipset_make(reader->arena, ranges, nranges);
        zone->interfaces = fw_site_texts(reader, value, "interfaces", &zone->ninterfaces);
        const struct fw_jvalue *watched = fw_json_find(value, "watched");
        zone->watched = watched && watched->type == FW_JSON_BOOL && watched->boolean;
        for (size_t j = 0; j + 1 < count; j++) {
            if (zone->name.p && fw_sv_eq(v[j].name, zone->name)) {
                fw_json_error(&reader->file, fw_json_find(value, "name")->span,
                              "zone \"%.*s\" is declared twice, first in line %u",
                              FW_SV_ARG(zone->name), v[j].span.line);
            }
        }
    }
    reader->site->zones = v;
    reader->site->nzones = count;
}

static fw_sv read_pattern(struct fw_site_reader *reader, const struct fw_jvalue *root,
                          const char *key)
{
    fw_sv text = fw_site_text(reader, root, key);
    struct fw_buf error;
    fw_buf_init(&error);
    struct fw_pattern *pattern = fw_pattern_new(text, &error);
    if (text.p && !pattern) {
        fw_json_error(&reader->file, fw_json_find(root, key)->span,
                      "\"%s\" is no regular expression: %s", key, error.p ? error.p : "no memory");
    }
    fw_pattern_free(pattern);
    fw_buf_clear(&error);
    return text;
}

/* "LOG-003.completeness_percent"; whether it exists is the catalogue's to say. */
static bool threshold_name(fw_sv name)
{
    size_t dot = fw_sv_find_char(name, '.');
    return dot != SIZE_MAX && dot > 0 && dot + 1 < name.n;
}

static void read_thresholds(struct fw_site_reader *reader, const struct fw_jvalue *object)
{
    size_t n = object && object->type == FW_JSON_OBJECT ? object->count : 0;
    struct fw_threshold *v = fw_new_array(reader->arena, n + 1, struct fw_threshold);
    for (size_t i = 0; i < n; i++) {
        const struct fw_jvalue *item = &object->items[i];
        v[i] = (struct fw_threshold){item->key, item->number, item->key_span};
        if (!threshold_name(item->key)) {
            fw_json_error(&reader->file, item->key_span,
                          "a threshold is named like \"LOG-003.completeness_percent\"");
        }
        if (item->type != FW_JSON_NUMBER || !fw_threshold_valid(item->number)) {
            fw_json_error(&reader->file, item->span, "a threshold is a number from 0 to %d",
                          FW_THRESHOLD_MOST);
        }
    }
    reader->site->thresholds = v;
    reader->site->nthresholds = n;
}

/* --- the file ------------------------------------------------------------------------------- */

static const struct fw_jfield root_fields[] = {
    {"agency", FW_JSON_OBJECT, true},
    {"period", FW_JSON_OBJECT, false},
    {"as_of", FW_JSON_STRING, false},
    {"timezone", FW_JSON_STRING, false},
    {"profile", FW_JSON_STRING, false},
    {"retention_months", FW_JSON_NUMBER, false},
    {"review_months", FW_JSON_NUMBER, false},
    {"zones", FW_JSON_ARRAY, false},
    {"dns", FW_JSON_ARRAY, false},
    {"doh", FW_JSON_ARRAY, false},
    {"matrix", FW_JSON_STRING, false},
    {"geoip", FW_JSON_STRING, false},
    {"countries", FW_JSON_OBJECT, false},
    {"ntp", FW_JSON_ANY, false},
    {"devices", FW_JSON_ARRAY, true},
    {"tickets", FW_JSON_STRING, false},
    {"improvement", FW_JSON_STRING, false},
    {"decisions", FW_JSON_STRING, false},
    {"register", FW_JSON_STRING, false},
    {"accounts", FW_JSON_STRING, false},
    {"assets", FW_JSON_STRING, false},
    {"tuning_register", FW_JSON_STRING, false},
    {"cases", FW_JSON_STRING, false},
    {"advisories", FW_JSON_ANY, false},
    {"advisory_decisions", FW_JSON_STRING, false},
    {"ticket_pattern", FW_JSON_STRING, false},
    {"owner_pattern", FW_JSON_STRING, false},
    {"reason_pattern", FW_JSON_STRING, false},
    {"until_pattern", FW_JSON_STRING, false},
    {"reviews", FW_JSON_STRING, false},
    {"signers", FW_JSON_STRING, false},
    {"authorities", FW_JSON_STRING, false},
    {"waivers", FW_JSON_ARRAY, false},
    {"not_applicable", FW_JSON_ARRAY, false},
    {"attestations", FW_JSON_ARRAY, false},
    {"thresholds", FW_JSON_OBJECT, false},
    {NULL, FW_JSON_NULL, false},
};

static void read_root(struct fw_site_reader *reader, const struct fw_jvalue *root)
{
    struct fw_site *site = reader->site;
    if (!fw_site_object(reader, root, "a site file", root_fields)) {
        return;
    }
    fw_site_zone(reader, root, "timezone", &site->zone_seconds); /* first: dates are in it */
    read_agency(reader, fw_json_find(root, "agency"));
    read_period(reader, fw_json_find(root, "period"));
    if (fw_site_time(reader, root, "as_of", site->zone_seconds, true, &site->as_of_ns) &&
        site->period.p && site->as_of_ns < site->from_ns) {
        fw_json_error(&reader->file, fw_json_find(root, "as_of")->span,
                      "\"as_of\" is before the period begins");
    }
    const struct fw_jvalue *profile = fw_json_find(root, "profile");
    site->profile = fw_site_text(reader, root, "profile");
    site->profile_span = profile ? profile->span : (fw_span){0};
    site->retention_months = read_months(reader, root, "retention_months", 240, 6,
                                         &site->has_retention_months);
    site->review_months = read_months(reader, root, "review_months", 24, 3,
                                      &site->has_review_months);
    read_zones(reader, fw_json_find(root, "zones"));
    site->dns = read_ranges(reader, fw_json_find(root, "dns"), &site->ndns);
    site->ntp = fw_site_texts(reader, root, "ntp", &site->nntp);
    fw_site_read_devices(reader, fw_json_find(root, "devices"));
    site->has_doh = fw_json_find(root, "doh") != NULL;
    site->doh = read_ranges(reader, fw_json_find(root, "doh"), &site->ndoh);
    site->matrix = read_file(reader, root, "matrix");
    site->geoip = read_file(reader, root, "geoip");
    read_countries(reader, fw_json_find(root, "countries"));
    site->tickets = read_file(reader, root, "tickets");
    site->reg = read_file(reader, root, "register");
    site->assets = read_file(reader, root, "assets");
    site->accounts = read_file(reader, root, "accounts");
    site->tuning_register = read_file(reader, root, "tuning_register");
    site->cases = read_file(reader, root, "cases");
    site->advisories = fw_site_texts(reader, root, "advisories", &site->nadvisories);
    site->advisory_decisions = read_file(reader, root, "advisory_decisions");
    site->improvement = read_file(reader, root, "improvement");
    site->decisions = fw_site_text(reader, root, "decisions");
    site->reviews = fw_site_text(reader, root, "reviews");
    site->signers = read_file(reader, root, "signers");
    site->authorities = read_file(reader, root, "authorities");
    site->ticket_pattern = read_pattern(reader, root, "ticket_pattern");
    site->owner_pattern = read_pattern(reader, root, "owner_pattern");
    site->reason_pattern = read_pattern(reader, root, "reason_pattern");
    site->until_pattern = read_pattern(reader, root, "until_pattern");
    fw_site_read_exceptions(reader, fw_json_find(root, "waivers"),
                            fw_json_find(root, "not_applicable"));
    fw_site_read_attestations(reader, fw_json_find(root, "attestations"));
    read_thresholds(reader, fw_json_find(root, "thresholds"));
}

enum fw_err fw_site_load(struct fw_arena *arena, const char *path, struct fw_diags *diags,
                         struct fw_site *ret)
{
    struct fw_site site = {
        .path = fw_arena_copy(arena, fw_sv_from(path)),
        .as_of_ns = INT64_MIN,
        .from_ns = INT64_MIN,
        .to_ns = INT64_MIN,
    };
    site.dir = fw_arena_copy(arena, fw_path_dir(site.path));
    struct fw_source_info info;
    enum fw_err err = fw_source_load(path, FILE_BYTES, arena, &site.text, &info);
    if (err != FW_OK) {
        fw_diag_report(diags, FW_DIAG_ID_FILE_UNREADABLE, site.path, (fw_span){0}, (fw_sv){0}, 0,
                       "the site file cannot be read: %s", fw_err_text(err));
        return err;
    }
    site.sha256 = info.sha256;
    struct fw_site_reader reader = {
        .arena = arena,
        .file = {.path = site.path,
                 .text = site.text,
                 .diags = diags,
                 .id = FW_DIAG_ID_SITE_INVALID},
        .site = &site,
    };
    const struct fw_jvalue *root = fw_json_parse(arena, site.text, site.path, diags,
                                                 FW_DIAG_ID_SITE_INVALID);
    if (!root) {
        return FW_ERR_INVALID;
    }
    read_root(&reader, root);
    if (reader.file.errors > 0) {
        return FW_ERR_INVALID;
    }
    *ret = site;
    return FW_OK;
}

const struct fw_site_device *fw_site_device_find(const struct fw_site *site, fw_sv name)
{
    for (size_t i = 0; i < site->ndevices; i++) {
        if (fw_sv_eq(site->devices[i].name, name)) {
            return &site->devices[i];
        }
    }
    return NULL;
}

const char *fw_trust_name(enum fw_trust trust)
{
    return trust < FW_TRUST_COUNT ? trusts[trust] : "?";
}
