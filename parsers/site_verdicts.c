/* Answers: what did named persons decide about checks: waivers, checks that do not apply, verdicts?
 * A waiver is declared like this:
 *
 *   {"check": "RUL-002", "device": "fw01", "reason": "…", "by": "…",
 *    "approved": "2026-05-01", "expires": "2026-09-30"}
 */
#include <string.h>

#include "core/text.h"
#include "core/time.h"
#include "parsers/site_impl.h"

/* A waiver is renewed or it ends: nobody approves an exception for good. */
#define WAIVER_DAYS 366
/* Enough of a fingerprint to name one finding. */
#define FINGERPRINT_DIGITS 8
#define SUGGEST_EDITS 2

static const struct fw_jfield waiver_fields[] = {
    {"check", FW_JSON_STRING, true},
    {"device", FW_JSON_STRING, false},
    {"fingerprint", FW_JSON_STRING, false},
    {"reason", FW_JSON_STRING, true},
    {"by", FW_JSON_STRING, true},
    {"compensating", FW_JSON_STRING, true},
    {"approved", FW_JSON_STRING, true},
    {"expires", FW_JSON_STRING, true},
    {NULL, FW_JSON_NULL, false},
};

static const struct fw_jfield not_applicable_fields[] = {
    {"check", FW_JSON_STRING, true},  {"device", FW_JSON_STRING, false},
    {"reason", FW_JSON_STRING, true}, {"by", FW_JSON_STRING, true},
    {NULL, FW_JSON_NULL, false},
};

static const struct fw_jfield attestation_fields[] = {
    {"check", FW_JSON_STRING, true},   {"device", FW_JSON_STRING, false},
    {"verdict", FW_JSON_STRING, true}, {"statement", FW_JSON_STRING, true},
    {"by", FW_JSON_STRING, true},      {"evidence", FW_JSON_STRING, false},
    {"made", FW_JSON_STRING, true},    {"expires", FW_JSON_STRING, true},
    {NULL, FW_JSON_NULL, false},
};

void fw_site_check_device(struct fw_site_reader *reader, const struct fw_jvalue *value)
{
    const struct fw_site_device *nearest = NULL;
    size_t best = SUGGEST_EDITS + 1;
    if (!value || value->type != FW_JSON_STRING) {
        return;
    }
    for (size_t i = 0; i < reader->site->ndevices; i++) {
        const struct fw_site_device *device = &reader->site->devices[i];
        size_t edits = fw_text_distance(value->text, device->name, SUGGEST_EDITS);
        if (edits == 0) {
            return;
        }
        if (edits < best) {
            best = edits;
            nearest = device;
        }
    }
    if (nearest) {
        fw_json_error(&reader->file, value->span, "unknown device \"%.*s\", did you mean \"%.*s\"?",
                      FW_SV_ARG(value->text), FW_SV_ARG(nearest->name));
    } else {
        fw_json_error(&reader->file, value->span, "unknown device \"%.*s\"",
                      FW_SV_ARG(value->text));
    }
}

static void check_fingerprint(struct fw_site_reader *reader, const struct fw_jvalue *value)
{
    bool good = value->text.n >= FINGERPRINT_DIGITS && value->text.n <= 64;
    for (size_t i = 0; good && i < value->text.n; i++) {
        char c = value->text.p[i];
        good = fw_is_digit(c) || (c >= 'a' && c <= 'f');
    }
    if (!good) {
        fw_json_error(&reader->file, value->span,
                      "a fingerprint is %d to 64 digits 0-9 a-f, as results print it",
                      FINGERPRINT_DIGITS);
    }
}

static void check_span_of_time(struct fw_site_reader *reader, const struct fw_jvalue *value,
                               const char *what, int64_t from_ns, int64_t to_ns)
{
    if (to_ns <= from_ns) {
        fw_json_error(&reader->file, value->span, "%s expires before it was made", what);
    } else if (to_ns - from_ns > INT64_C(86400) * FW_NS_PER_SEC * WAIVER_DAYS) {
        fw_json_error(&reader->file, value->span, "%s is for one year at most; renew it then",
                      what);
    }
}

static void read_exception(struct fw_site_reader *reader, const struct fw_jvalue *value,
                           bool waiver, struct fw_site_exception *ret)
{
    const struct fw_jvalue *check = fw_json_find(value, "check");
    const struct fw_jvalue *fingerprint = fw_json_find(value, "fingerprint");
    struct fw_site_exception e = {
        .waiver = waiver,
        .check = fw_site_text(reader, value, "check"),
        .device = fw_site_text(reader, value, "device"),
        .fingerprint = fw_site_text(reader, value, "fingerprint"),
        .reason = fw_site_text(reader, value, "reason"),
        .by = fw_site_text(reader, value, "by"),
        .compensating = fw_site_text(reader, value, "compensating"),
        .approved_ns = INT64_MIN,
        .expires_ns = INT64_MIN,
        .span = check ? check->span : value->span,
    };
    fw_site_check_device(reader, fw_json_find(value, "device"));
    if (e.fingerprint.p) {
        check_fingerprint(reader, fingerprint);
    }
    int32_t zone = reader->site->zone_seconds;
    if (waiver && fw_site_time(reader, value, "approved", zone, false, &e.approved_ns) &&
        fw_site_time(reader, value, "expires", zone, true, &e.expires_ns)) {
        check_span_of_time(reader, fw_json_find(value, "expires"), "a waiver", e.approved_ns,
                           e.expires_ns);
    }
    *ret = e;
}

void fw_site_read_exceptions(struct fw_site_reader *reader, const struct fw_jvalue *waivers,
                             const struct fw_jvalue *not_applicable)
{
    const struct fw_jvalue *arrays[] = {waivers, not_applicable};
    struct fw_site_exception *v = NULL;
    size_t n = 0;
    for (size_t a = 0; a < 2; a++) {
        bool waiver = a == 0;
        for (size_t i = 0; arrays[a] && arrays[a]->type == FW_JSON_ARRAY && i < arrays[a]->count;
             i++) {
            const struct fw_jvalue *value = &arrays[a]->items[i];
            if (fw_site_object(reader, value, waiver ? "a waiver" : "an entry of not_applicable",
                               waiver ? waiver_fields : not_applicable_fields)) {
                v = fw_arena_push(reader->arena, v, n, sizeof(*v));
                read_exception(reader, value, waiver, &v[n++]);
            }
        }
    }
    reader->site->exceptions = v;
    reader->site->nexceptions = n;
}

void fw_site_read_attestations(struct fw_site_reader *reader, const struct fw_jvalue *array)
{
    static const char *const verdicts[] = {"pass", "fail"};
    struct fw_site_attestation *v = NULL;
    size_t n = 0;
    for (size_t i = 0; array && array->type == FW_JSON_ARRAY && i < array->count; i++) {
        const struct fw_jvalue *value = &array->items[i];
        if (!fw_site_object(reader, value, "an attestation", attestation_fields)) {
            continue;
        }
        const struct fw_jvalue *check = fw_json_find(value, "check");
        struct fw_site_attestation a = {
            .check = fw_site_text(reader, value, "check"),
            .device = fw_site_text(reader, value, "device"),
            .statement = fw_site_text(reader, value, "statement"),
            .by = fw_site_text(reader, value, "by"),
            .evidence = fw_site_text(reader, value, "evidence"),
            .span = check ? check->span : value->span,
        };
        a.pass = fw_site_choice(reader, fw_json_find(value, "verdict"), verdicts, 2) == 0;
        fw_site_check_device(reader, fw_json_find(value, "device"));
        if (a.evidence.p) {
            fw_site_exists(reader, fw_json_find(value, "evidence"));
        }
        int32_t zone = reader->site->zone_seconds;
        if (fw_site_time(reader, value, "made", zone, false, &a.made_ns) &&
            fw_site_time(reader, value, "expires", zone, true, &a.expires_ns)) {
            check_span_of_time(reader, fw_json_find(value, "expires"), "an attestation", a.made_ns,
                               a.expires_ns);
        }
        v = fw_arena_push(reader->arena, v, n, sizeof(*v));
        v[n++] = a;
    }
    reader->site->attestations = v;
    reader->site->nattestations = n;
}
