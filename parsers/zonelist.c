/* Answers: which zones are there, and which of them does a sensor look at? A list like this:
 *
 *   zone,networks,trust,watched,sensor
 *   internet,,untrusted,,
 *   office,10.20.0.0/17 2001:db8:20::/48,internal,yes,ids1
 */
#include "parsers/zonelist.h"

#include "parsers/records.h"

enum { NAME, NETWORKS, TRUST, WATCHED, SENSOR, COUNT };

static const struct fw_record_column columns[COUNT] = {
    [NAME] = {"zone", "區域", true},          [NETWORKS] = {"networks", "網段", true},
    [TRUST] = {"trust", "信任程度", true},    [WATCHED] = {"watched", "應偵測", false},
    [SENSOR] = {"sensor", "偵測設備", false},
};

bool fw_zonelist_is(fw_sv head)
{
    return fw_records_fit(head, columns, COUNT);
}

/* Addresses or networks, apart by blanks or semicolons. */
static bool read_networks(struct fw_records *records, fw_sv cell, const struct fw_ipset **ret)
{
    struct fw_arena *arena = &records->doc->arena;
    fw_iprange *v = NULL;
    size_t n = 0;
    fw_sv part;
    while (fw_sv_split(&cell, ';', &part)) {
        fw_sv word;
        while (fw_sv_word(&part, &word)) {
            fw_iprange range;
            bool host_bits;
            if (!fw_iprange_parse(word, &range, &host_bits) || host_bits) {
                fw_doc_bad(records->doc, records->line, fw_records_part(records, word),
                           "this is no network such as 10.20.0.0/17");
                return false;
            }
            v = fw_arena_push(arena, v, n, sizeof(*v));
            v[n++] = range;
        }
    }
    *ret = fw_ipset_make(arena, v, n);
    return true;
}

static bool read_trust(struct fw_records *records, fw_sv cell, enum fw_trust *ret)
{
    for (int trust = 0; trust < FW_TRUST_COUNT; trust++) {
        if (fw_sv_is_nocase(cell, fw_trust_name((enum fw_trust)trust))) {
            *ret = (enum fw_trust)trust;
            return true;
        }
    }
    fw_doc_bad(records->doc, records->line, fw_records_part(records, cell),
               "\"trust\" is untrusted, dmz, internal, management or test");
    return false;
}

static bool read_yes(struct fw_records *records, fw_sv cell, bool *ret)
{
    static const struct {
        const char *word;
        bool yes;
    } words[] = {{"", false},      {"yes", true}, {"no", false}, {"true", true},
                 {"false", false}, {"是", true},  {"否", false}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (fw_sv_is_nocase(cell, words[i].word)) {
            *ret = words[i].yes;
            return true;
        }
    }
    fw_doc_bad(records->doc, records->line, fw_records_part(records, cell),
               "\"watched\" is yes or no");
    return false;
}

static bool read_row(struct fw_records *records, struct fw_zone *ret)
{
    ret->name = fw_records_cell(records, NAME);
    ret->span = fw_records_span(records);
    if (ret->name.n == 0) {
        fw_doc_bad(records->doc, records->line, (fw_sv){0}, "a row needs the name of a zone");
        return false;
    }
    return read_networks(records, fw_records_cell(records, NETWORKS), &ret->networks) &&
           read_trust(records, fw_records_cell(records, TRUST), &ret->trust) &&
           read_yes(records, fw_records_cell(records, WATCHED), &ret->watched);
}

/* A zone that is left out would make HOME_NET look complete: one wrong row refuses the list. */
enum fw_err fw_zonelist_parse(struct fw_doc *doc, struct fw_zonelist *ret)
{
    struct fw_records records;
    struct fw_zone *v = NULL;
    fw_sv *sensors = NULL;
    size_t n = 0;
    bool good = true;
    if (!fw_records_open(&records, doc, 0, columns, COUNT, "zones")) {
        return FW_ERR_INVALID;
    }
    while (fw_records_next(&records)) {
        struct fw_zone zone = {0};
        if (!read_row(&records, &zone)) {
            good = false;
            continue;
        }
        v = fw_arena_push(&doc->arena, v, n, sizeof(*v));
        sensors = fw_arena_push(&doc->arena, sensors, n, sizeof(*sensors));
        v[n] = zone;
        sensors[n++] = fw_records_cell(&records, SENSOR);
    }
    *ret = (struct fw_zonelist){n, v, sensors, fw_records_has(&records, SENSOR)};
    return good ? FW_OK : FW_ERR_INVALID;
}
