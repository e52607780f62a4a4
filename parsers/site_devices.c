/* Answers: which devices does the site declare, and which configuration snapshots of them are
 * there? A device is declared like this:
 *
 *   {"name": "fw01", "kind": "firewall", "config": "configs/fw01-*.conf", "logs": "logs/fw01-*"}
 */
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/time.h"
#include "core/walk.h"
#include "parsers/site_impl.h"
#include "parsers/snort_fields.h"

static const char *const kinds[] = {
    [FW_DEVICE_FIREWALL] = "firewall",
    [FW_DEVICE_IDS] = "ids",
    [FW_DEVICE_COLLECTOR] = "collector",
    [FW_DEVICE_OTHER] = "other",
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const struct fw_jfield device_fields[] = {
    {"name", FW_JSON_STRING, true},
    {"kind", FW_JSON_STRING, true},
    {"format", FW_JSON_STRING, false},
    {"owner", FW_JSON_STRING, false},
    {"host", FW_JSON_STRING, false},
    {"model", FW_JSON_STRING, false},
    {"timezone", FW_JSON_STRING, false},
    {"alert_csv_fields", FW_JSON_ANY, false},
    {"config", FW_JSON_ANY, false},
    {"logs", FW_JSON_ANY, false},
    {"logs_required", FW_JSON_BOOL, false},
    {"rules", FW_JSON_ANY, false},
    {"tuning", FW_JSON_ANY, false},
    {"clock", FW_JSON_ANY, false},
    {"update_log", FW_JSON_STRING, false},
    {"sensor", FW_JSON_ANY, false},
    {"watches", FW_JSON_ANY, false},
    {"policies", FW_JSON_STRING, false},
    {"counters_since", FW_JSON_STRING, false},
    {NULL, FW_JSON_NULL, false},
};

static const struct fw_jfield snapshot_fields[] = {
    {"file", FW_JSON_STRING, true}, {"taken", FW_JSON_STRING, false},
    {"git", FW_JSON_STRING, false}, {"branch", FW_JSON_STRING, false},
    {NULL, FW_JSON_NULL, false},
};

struct snapshots {
    size_t n;
    struct fw_site_snapshot *v;
    bool dated; /* every one of them says when it was taken */
};

static bool is_pattern(fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '*' || text.p[i] == '?' || text.p[i] == '[') {
            return true;
        }
    }
    return false;
}

/* --- snapshots ------------------------------------------------------------------------------ */

static void add_snapshot(struct fw_site_reader *reader, struct snapshots *list, fw_sv path,
                         int64_t taken_ns, const struct fw_site_history *history, fw_span span)
{
    for (size_t i = 0; i < list->n; i++) {
        if (fw_sv_eq(list->v[i].path, path)) {
            fw_json_error(&reader->file, span, "configuration \"%.*s\" is named twice",
                          FW_SV_ARG(path));
            return;
        }
    }
    list->v = fw_arena_push(reader->arena, list->v, list->n, sizeof(*list->v));
    list->v[list->n++] = (struct fw_site_snapshot){
        .path = path, .taken_ns = taken_ns, .history = history, .span = span};
    /* Every version in a repository has a date. */
    list->dated = list->dated && (history || taken_ns != INT64_MIN);
}

static bool is_folder(struct fw_site_reader *reader, fw_sv path)
{
    return fw_dir_exists(fw_path_join(reader->arena, reader->site->dir, path).p);
}

/* {"git": "backups/net.git", "file": "routers/edge1"} */
static void add_history(struct fw_site_reader *reader, struct snapshots *list,
                        const struct fw_jvalue *value)
{
    struct fw_site_history *history = fw_new(reader->arena, struct fw_site_history);
    const struct fw_jvalue *git = fw_json_find(value, "git");
    const struct fw_jvalue *file = fw_json_find(value, "file");
    history->repository = fw_site_text(reader, value, "git");
    history->file = fw_site_text(reader, value, "file");
    history->branch = fw_site_text(reader, value, "branch");
    fw_sv plain = fw_path_join(reader->arena, FW_SV(""), history->file);
    if (fw_json_find(value, "taken")) {
        fw_json_error(&reader->file, fw_json_find(value, "taken")->span,
                      "\"taken\" is about one file: of a repository the commits say it");
    } else if (!is_folder(reader, history->repository)) {
        fw_json_error(&reader->file, git->span, "there is no folder \"%.*s\"",
                      FW_SV_ARG(history->repository));
    } else if (is_pattern(history->file) || !fw_sv_eq(plain, history->file) ||
               fw_sv_starts(plain, "/") || fw_sv_starts(plain, "..") || fw_sv_is(plain, ".")) {
        fw_json_error(
            &reader->file, file->span,
            "\"file\" is a path from the top of the repository, without \".\" and \"..\"");
    } else {
        fw_sv path = fw_path_join(reader->arena, history->repository, history->file);
        add_snapshot(reader, list, path, INT64_MIN, history, value->span);
    }
}

static void add_pattern(struct fw_site_reader *reader, struct fw_site_device *device,
                        struct snapshots *list, const struct fw_jvalue *value, fw_sv pattern,
                        int32_t zone_seconds)
{
    struct fw_paths paths = {0};
    const char *dir = fw_arena_cstr(reader->arena, reader->site->dir);
    enum fw_err err = fw_glob(reader->arena, dir, pattern, &paths);
    if (err != FW_OK) {
        fw_json_error(&reader->file, value->span, "\"%.*s\" cannot be searched for: %s",
                      FW_SV_ARG(pattern), fw_err_text(err));
        return;
    }
    for (size_t i = 0; i < paths.n; i++) {
        fw_sv path = fw_path_below(reader->site->dir, paths.v[i]);
        int64_t taken_ns = fw_time_in_name(fw_path_name(path), zone_seconds);
        add_snapshot(reader, list, path, taken_ns, NULL, value->span);
    }
    if (paths.n == 0) {
        device->config_missing = pattern; /* absent evidence, not a wrong site file */
    }
}

static void read_snapshot(struct fw_site_reader *reader, struct fw_site_device *device,
                          struct snapshots *list, const struct fw_jvalue *value,
                          int32_t zone_seconds)
{
    const struct fw_jvalue *path = value;
    int64_t taken_ns = INT64_MIN;
    if (value->type == FW_JSON_OBJECT) {
        fw_site_object(reader, value, "a configuration", snapshot_fields);
        path = fw_json_find(value, "file");
        const struct fw_jvalue *git = fw_json_find(value, "git");
        if (!path || path->type != FW_JSON_STRING || (git && git->type != FW_JSON_STRING)) {
            return;
        }
        if (git) {
            add_history(reader, list, value);
            return;
        }
        if (fw_json_find(value, "branch")) {
            fw_json_error(&reader->file, path->span,
                          "\"branch\" is of a repository: name it, \"git\"");
        }
        fw_site_time(reader, value, "taken", zone_seconds, false, &taken_ns);
    }
    if (path->type != FW_JSON_STRING || path->text.n == 0) {
        fw_json_error(&reader->file, path->span,
                      "a configuration is a path, {\"file\": path, \"taken\": date}, or "
                      "{\"git\": folder, \"file\": path}");
    } else if (value->type == FW_JSON_STRING && is_folder(reader, path->text)) {
        fw_sv all = fw_arena_printf(reader->arena, "%.*s/*", FW_SV_ARG(path->text));
        add_pattern(reader, device, list, path, all, zone_seconds);
    } else if (!is_pattern(path->text)) {
        if (fw_site_exists(reader, path)) {
            taken_ns = taken_ns != INT64_MIN
                           ? taken_ns
                           : fw_time_in_name(fw_path_name(path->text), zone_seconds);
            add_snapshot(reader, list, path->text, taken_ns, NULL, path->span);
        }
    } else if (value->type == FW_JSON_OBJECT) {
        fw_json_error(&reader->file, path->span, "\"taken\" is about one file, not a pattern");
    } else {
        add_pattern(reader, device, list, path, path->text, zone_seconds);
    }
}

static int oldest_first(const void *a, const void *b)
{
    const struct fw_site_snapshot *left = a;
    const struct fw_site_snapshot *right = b;
    if (left->taken_ns != right->taken_ns) {
        return left->taken_ns < right->taken_ns ? -1 : 1;
    }
    return fw_sv_cmp_natural(left->path, right->path);
}

/* By date when every snapshot has one; otherwise the order of the site file is the order. */
static void read_configs(struct fw_site_reader *reader, struct fw_site_device *device,
                         const struct fw_jvalue *value)
{
    struct snapshots list = {.dated = true};
    int32_t zone = device->has_zone ? device->zone_seconds : reader->site->zone_seconds;
    if (value && value->type == FW_JSON_ARRAY) {
        for (size_t i = 0; i < value->count; i++) {
            read_snapshot(reader, device, &list, &value->items[i], zone);
        }
    } else if (value) {
        read_snapshot(reader, device, &list, value, zone);
    }
    if (list.dated && list.n > 1) {
        qsort(list.v, list.n, sizeof(*list.v), oldest_first);
    }
    device->snapshots = list.v;
    device->nsnapshots = list.n;
}

/* --- devices -------------------------------------------------------------------------------- */

/* A zone that is not there would be watched by nobody, unseen. */
static void check_zones(struct fw_site_reader *reader, const struct fw_jvalue *value,
                        const struct fw_site_device *device)
{
    const struct fw_site *site = reader->site;
    for (size_t i = 0; i < device->nwatches; i++) {
        bool known = false;
        for (size_t z = 0; z < site->nzones && !known; z++) {
            known = fw_sv_eq(site->zones[z].name, device->watches[i]);
        }
        if (!known) {
            fw_json_error(&reader->file, fw_json_find(value, "watches")->span,
                          "the site has no zone \"%.*s\"", FW_SV_ARG(device->watches[i]));
        }
    }
}

static void field_unknown(struct fw_site_reader *reader, const struct fw_jvalue *value, fw_sv word)
{
    struct fw_jvalue wrong = *value;
    wrong.type = FW_JSON_STRING;
    wrong.text = word;
    fw_site_choice(reader, &wrong, fw_snort_field_names, fw_snort_field_names_n);
}

/* "timestamp,sig_id,msg", or a list. A wrong list would give wrong alerts: it is no list. */
static const struct fw_snort_fields *read_csv_fields(struct fw_site_reader *reader,
                                                     const struct fw_jvalue *object)
{
    static const char *const key = "alert_csv_fields";
    const struct fw_jvalue *value = fw_json_find(object, key);
    struct fw_snort_fields *ret = fw_new_array(reader->arena, 1, struct fw_snort_fields);
    enum fw_snort_fields_fault fault = FW_SNORT_FIELDS_GOOD;
    fw_sv wrong = {0};
    size_t n;
    if (!value) {
        return NULL;
    }
    const fw_sv *texts = fw_site_texts(reader, object, key, &n);
    for (size_t i = 0; i < n && fault == FW_SNORT_FIELDS_GOOD; i++) {
        fault = fw_snort_fields_add(texts[i], ret, &wrong);
    }
    fault = fault == FW_SNORT_FIELDS_GOOD ? fw_snort_fields_judge(ret) : fault;
    if (fault == FW_SNORT_FIELDS_UNKNOWN) {
        field_unknown(reader, value, wrong);
    } else if (fault == FW_SNORT_FIELDS_MANY) {
        fw_json_error(&reader->file, value->span, "\"%s\" has more than %u fields", key,
                      (unsigned)FW_SNORT_FIELDS_MAX);
    } else if (fault == FW_SNORT_FIELDS_INCOMPLETE) {
        fw_json_error(&reader->file, value->span,
                      "\"%s\" needs \"timestamp\" and one of \"rule\", \"sid\" and \"sig_id\"",
                      key);
    }
    return fault == FW_SNORT_FIELDS_GOOD ? ret : NULL;
}

static void read_device(struct fw_site_reader *reader, const struct fw_jvalue *value,
                        struct fw_site_device *ret)
{
    size_t kind = fw_site_choice(reader, fw_json_find(value, "kind"), kinds, KINDS);
    const struct fw_jvalue *required = fw_json_find(value, "logs_required");
    struct fw_site_device d = {
        .name = fw_site_text(reader, value, "name"),
        .kind = kind < KINDS ? (enum fw_device_kind)kind : FW_DEVICE_OTHER,
        .format = fw_site_text(reader, value, "format"),
        .owner = fw_site_text(reader, value, "owner"),
        .host = fw_site_text(reader, value, "host"),
        .model = fw_site_text(reader, value, "model"),
        .update_log = fw_site_text(reader, value, "update_log"),
        .policies = fw_site_text(reader, value, "policies"),
        .counters_since_ns = INT64_MIN,
        .span = value->span,
    };
    d.logs_required = required ? required->type == FW_JSON_BOOL && required->boolean
                               : d.kind == FW_DEVICE_FIREWALL || d.kind == FW_DEVICE_IDS;
    d.zone_seconds = reader->site->zone_seconds;
    d.has_zone = fw_site_zone(reader, value, "timezone", &d.zone_seconds);
    fw_site_time(reader, value, "counters_since", d.zone_seconds, false, &d.counters_since_ns);
    d.logs = fw_site_texts(reader, value, "logs", &d.nlogs);
    d.rules = fw_site_texts(reader, value, "rules", &d.nrules);
    d.tuning = fw_site_texts(reader, value, "tuning", &d.ntuning);
    d.sensor = fw_site_texts(reader, value, "sensor", &d.nsensor);
    d.clock = fw_site_texts(reader, value, "clock", &d.nclock);
    d.watches = fw_site_texts(reader, value, "watches", &d.nwatches);
    d.csv_fields = read_csv_fields(reader, value);
    check_zones(reader, value, &d);
    if (d.update_log.p) {
        fw_site_exists(reader, fw_json_find(value, "update_log"));
    }
    read_configs(reader, &d, fw_json_find(value, "config"));
    *ret = d;
}

/* Two devices of one name, or one whose log name is another's, would mix their evidence. */
static void check_names(struct fw_site_reader *reader, const struct fw_jvalue *value,
                        const struct fw_site_device *v, size_t n)
{
    const struct fw_site_device *last = &v[n - 1];
    for (size_t i = 0; i + 1 < n; i++) {
        if (last->name.p && fw_sv_eq(v[i].name, last->name)) {
            fw_json_error(&reader->file, fw_json_find(value, "name")->span,
                          "device \"%.*s\" is declared twice, first in line %u",
                          FW_SV_ARG(last->name), v[i].span.line);
        } else if (last->host.p && fw_sv_eq(v[i].host, last->host)) {
            fw_json_error(&reader->file, fw_json_find(value, "host")->span,
                          "host \"%.*s\" belongs to device \"%.*s\" already", FW_SV_ARG(last->host),
                          FW_SV_ARG(v[i].name));
        }
    }
}

void fw_site_read_devices(struct fw_site_reader *reader, const struct fw_jvalue *array)
{
    if (!array || array->type != FW_JSON_ARRAY) {
        return;
    }
    struct fw_site_device *v = fw_new_array(reader->arena, array->count + 1, struct fw_site_device);
    size_t n = 0;
    for (size_t i = 0; i < array->count; i++) {
        const struct fw_jvalue *value = &array->items[i];
        if (fw_site_object(reader, value, "a device", device_fields)) {
            read_device(reader, value, &v[n++]);
            check_names(reader, value, v, n);
        }
    }
    if (array->count == 0) {
        fw_json_error(&reader->file, array->span, "a site has at least one device");
    }
    reader->site->devices = v;
    reader->site->ndevices = n;
}

const char *fw_device_kind_name(enum fw_device_kind kind)
{
    return (size_t)kind < KINDS ? kinds[kind] : "?";
}
