/* parse, of statistics and captures of time services: one JSON object or line of text a record. */
#include "cli/parse_clock.h"

#include "cli/parse.h"
#include "core/json.h"
#include "core/text.h"

static void put_time(struct fw_json *json, const struct fw_stamp *stamp)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    if (stamp->has_zone) {
        fw_time_text(&buf, fw_stamp_ns(stamp, 0));
    } else { /* as it stands there: nobody says where */
        fw_buf_printf(&buf, "%04d-%02u-%02uT%02u:%02u:%02u", stamp->year, stamp->month, stamp->day,
                      stamp->hour, stamp->minute, stamp->second);
    }
    fw_json_kv(json, "time", fw_buf_sv(&buf));
    fw_buf_clear(&buf);
}

static void put_json(const struct fw_clock_record *record, struct fw_buf *out)
{
    struct fw_json json;
    fw_json_init(&json, out, 0);
    fw_json_object(&json);
    fw_json_kv_cstr(&json, "clock", record->what);
    if (record->has_stamp) {
        put_time(&json, &record->stamp);
    }
    if (record->sync != FW_CLOCK_UNSAID) {
        fw_json_kv_bool(&json, "synchronised", record->sync == FW_CLOCK_SYNCED);
    }
    if (record->has_offset) {
        fw_json_key(&json, "offset_ms");
        fw_json_double(&json, (double)record->offset_ns / 1e6, 6);
    }
    if (record->server.n > 0) {
        fw_json_kv(&json, "server", record->server);
    }
    if (record->peer) {
        fw_json_kv_bool(&json, "followed", record->chosen);
    }
    fw_json_key(&json, "fields");
    fw_json_object(&json);
    for (size_t i = 0; i < record->nfields; i++) {
        fw_json_key_sv(&json, record->fields[i].name);
        fw_json_string(&json, record->fields[i].text);
    }
    fw_json_end(&json);
    fw_json_kv_u64(&json, "line", record->span.line);
    fw_json_end(&json);
}

static void put_text(const struct fw_clock_record *record, struct fw_buf *out)
{
    static const char *const syncs[] = {"-", "synchronised", "not synchronised"};
    fw_buf_printf(out, "%-20s  %s", record->what, syncs[record->sync]);
    if (record->has_offset) {
        fw_buf_printf(out, "  %.3f ms", (double)record->offset_ns / 1e6);
    }
    if (record->server.n > 0) {
        fw_buf_add_cstr(out, "  ");
        fw_text_safe(out, record->server);
    }
}

static void take(struct fw_clock_sink *sink, const struct fw_clock_record *record)
{
    struct fw_parse_clock *print = (struct fw_parse_clock *)sink;
    if (print->json) {
        put_json(record, print->out);
    } else {
        put_text(record, print->out);
    }
    fw_parse_end_line(print->out);
}

void fw_parse_clock_init(struct fw_parse_clock *print, bool json, struct fw_buf *out)
{
    *print = (struct fw_parse_clock){.sink = {take}, .json = json, .out = out};
}
