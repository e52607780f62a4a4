/* How an event becomes one flat JSON object. */
#include "parsers/event.h"

#include <string.h>

struct field {
    const char *name;
    size_t offset;
    enum { IP, TEXT, NUM, STAMP } type;
};

#define FW_FIELD(name, type, ecs) {ecs, offsetof(struct fw_event, name), type},
static const struct field fields[FW_EV_COUNT] = {FW_EVENT_FIELDS(FW_FIELD)};
#undef FW_FIELD

_Static_assert(FW_EV_COUNT <= 64, "presence bits are one 64-bit word");

const char *fw_event_field_name(enum fw_event_field field)
{
    return fields[field].name;
}

void fw_event_clear(struct fw_event *event)
{
    memset(event, 0, sizeof(*event));
}

static void put_stamp(struct fw_json *json, const char *name, const struct fw_stamp *stamp,
                      const struct fw_event_origin *origin, struct fw_buf *text)
{
    /* A start without a year has no neighbours to take it from: only @timestamp is resolved. */
    if (stamp->year == 0) {
        return;
    }
    fw_buf_reset(text);
    fw_time_text(text, fw_stamp_ns(stamp, origin->zone_seconds));
    fw_json_kv(json, name, fw_buf_sv(text));
}

static void put_field(struct fw_json *json, const struct field *f, const struct fw_event *event,
                      const struct fw_event_origin *origin, struct fw_buf *text)
{
    const char *at = (const char *)event + f->offset;
    switch (f->type) {
    case IP:
        fw_buf_reset(text);
        fw_ip_text(text, *(const fw_ip *)at);
        fw_json_kv(json, f->name, fw_buf_sv(text));
        break;
    case TEXT:
        fw_json_kv(json, f->name, *(const fw_sv *)at);
        break;
    case NUM:
        fw_json_kv_u64(json, f->name, *(const uint64_t *)at);
        break;
    case STAMP:
        put_stamp(json, f->name, (const struct fw_stamp *)at, origin, text);
        break;
    }
}

static void put_assumed(struct fw_json *json, uint32_t assumed)
{
    static const struct {
        uint32_t bit;
        const char *word;
    } words[] = {{FW_ASSUMED_YEAR, "year"}, {FW_ASSUMED_ZONE, "zone"}, {FW_ASSUMED_DATE, "date"}};
    fw_json_key(json, "fwproof.assumed");
    fw_json_array(json);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (assumed & words[i].bit) {
            fw_json_cstr(json, words[i].word);
        }
    }
    fw_json_end(json);
}

void fw_event_json(struct fw_json *json, const struct fw_event *event,
                   const struct fw_event_origin *origin)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_json_object(json);
    for (unsigned i = 0; i < FW_EV_COUNT; i++) {
        if (!fw_event_has(event, i)) {
            continue;
        }
        bool own = i == FW_EV_time || (i == FW_EV_start && event->starts) ||
                   (i == FW_EV_end && event->ends);
        if (!own) {
            put_field(json, &fields[i], event, origin, &text);
        } else if (origin->time_ns != INT64_MIN) {
            fw_buf_reset(&text);
            fw_time_text(&text, origin->time_ns);
            fw_json_kv(json, fields[i].name, fw_buf_sv(&text));
        }
    }
    fw_json_kv_u64(json, "line", origin->line);
    put_assumed(json, origin->assumed);
    fw_json_end(json);
    fw_buf_clear(&text);
}
