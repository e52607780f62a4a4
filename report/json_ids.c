/* How IDS rule sets and alerts are written as JSON. */
#include <inttypes.h>

#include "core/time.h"
#include "report/alerts.h"
#include "report/json.h"

static void set_json(struct fw_json *json, const struct fw_device_facts *device, size_t i)
{
    const struct fw_idsrules *set = device->ids[i];
    fw_json_object(json);
    fw_json_kv(json, "device", device->name);
    fw_json_kv(json, "input", device->ids_paths[i]);
    fw_json_kv(json, "name", set->set_name);
    fw_json_kv(json, "version", set->set_version);
    fw_json_key(json, "date");
    if (set->set_date.year != 0) {
        struct fw_buf text;
        fw_buf_init(&text);
        fw_date_text(&text, set->set_date);
        fw_json_string(json, fw_buf_sv(&text));
        fw_buf_clear(&text);
    } else {
        fw_json_null(json);
    }
    fw_json_kv_u64(json, "signatures", set->n);
    fw_json_kv_u64(json, "enabled", fw_idsrules_enabled(set));
    fw_json_end(json);
}

static void time_kv(struct fw_json *json, const char *key, int64_t ns)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_time_text(&text, ns);
    fw_json_kv(json, key, fw_buf_sv(&text));
    fw_buf_clear(&text);
}

void fw_json_ids(struct fw_json *json, const struct fw_survey *survey)
{
    const struct fw_facts *facts = survey->in->facts;
    fw_json_key(json, "rule_sets");
    fw_json_array(json);
    for (size_t i = 0; i < facts->ndevices; i++) {
        for (size_t k = 0; k < facts->devices[i].nids; k++) {
            if (facts->devices[i].ids[k]->n > 0) { /* other files hold no rules */
                set_json(json, &facts->devices[i], k);
            }
        }
    }
    fw_json_end(json);
    struct fw_alerts alerts;
    fw_alerts_sum(survey->arena, facts, &alerts);
    fw_json_kv_u64(json, "alerts_total", alerts.total);
    fw_json_key(json, "alerts");
    fw_json_array(json);
    for (size_t i = 0; i < alerts.n; i++) {
        const struct fw_alert_sum *alert = &alerts.v[i];
        fw_json_object(json);
        fw_json_kv_u64(json, "gid", alert->gid);
        fw_json_kv_u64(json, "sid", alert->sid);
        fw_json_kv(json, "message", alert->message);
        fw_json_kv_u64_if(json, "priority", alert->priority != 0, alert->priority);
        fw_json_kv_u64(json, "count", alert->count);
        fw_json_kv_u64(json, "days", alert->days);
        time_kv(json, "first", alert->first);
        time_kv(json, "last", alert->last);
        fw_json_end(json);
    }
    fw_json_end(json);
}
