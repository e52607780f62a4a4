/* Which of the named files are a sensor's own, which are lists about it, and which are logs? */
#include "cli/ids_files.h"

#include "core/charset.h"
#include "core/limits.h"
#include "core/source.h"
#include "parsers/idsrules.h"
#include "parsers/parser.h"

enum { DETECT_BYTES = 65536 };

/* What a file is by its first bytes. */
struct kind {
    const struct fw_parser *parser; /* of rules and configurations; NULL: none */
    enum fw_input_role role;        /* of a list; FW_INPUT_ROLE_COUNT: none */
};

static struct kind find_kind(struct fw_arena *arena, fw_sv path)
{
    struct kind kind = {NULL, FW_INPUT_ROLE_COUNT};
    struct fw_source *source;
    int bid;
    if (fw_sv_is(path, "-") || fw_source_open(path.p, &source) != FW_OK) {
        return kind; /* what was read of standard input is gone; else the log reader says why */
    }
    struct fw_decoded decoded;
    fw_charset_decode(arena, fw_source_peek(source, DETECT_BYTES), &decoded);
    fw_sv head = decoded.text;
    kind.role = fw_sv_ends(path, ".mmdb") ? FW_INPUT_GEOIP : fw_idslists_detect(head);
    kind.parser = fw_idsrules_detect(path, head, &bid);
    if (bid < FW_BID_LIKELY || kind.role != FW_INPUT_ROLE_COUNT) {
        kind.parser = NULL;
    }
    fw_source_free(source);
    return kind;
}

static struct fw_doc *load(struct fw_cli *cli, struct fw_answer *answer, struct fw_ids_files *files,
                           enum fw_input_role role, fw_sv path, struct fw_input **ret_input)
{
    struct fw_input *input = fw_inputs_add(&cli->arena, &answer->inputs, role, path, FW_SV(""));
    struct fw_doc *doc = fw_new(&cli->arena, struct fw_doc);
    *ret_input = input;
    fw_doc_init(doc, path, cli->diags);
    files->docs = fw_arena_push(&cli->arena, files->docs, files->ndocs, sizeof(*files->docs));
    files->docs[files->ndocs++] = doc;
    if (fw_doc_load(doc, path.p) != FW_OK) {
        input->missing = true;
        answer->unreadable = true;
        return NULL;
    }
    return doc;
}

static void note(struct fw_cli *cli, struct fw_answer *answer, struct fw_input *input,
                 const struct fw_doc *doc, const char *format, enum fw_err err)
{
    if (err != FW_OK) {
        input->missing = true;
        answer->unreadable = true;
        return;
    }
    fw_source_report(&doc->info, input->path, cli->diags);
    input->info = doc->info;
    input->lines = fw_doc_counts(doc);
    input->format = format;
}

static void load_rules(struct fw_cli *cli, struct fw_answer *answer, struct fw_ids_files *files,
                       fw_sv path, const struct fw_parser *parser)
{
    struct fw_arena *arena = &cli->arena;
    struct fw_device_facts *device = &files->device;
    struct fw_idsrules *set = fw_new(arena, struct fw_idsrules);
    struct fw_input *input;
    struct fw_doc *doc = load(cli, answer, files, FW_INPUT_IDSRULES, path, &input);
    if (!doc) {
        return;
    }
    note(cli, answer, input, doc, parser->name, fw_idsrules_parse(doc, parser, set));
    if (input->missing) {
        return;
    }
    const struct fw_idsrules **sets = fw_arena_push(arena, (void *)(uintptr_t)device->ids,
                                                    device->nids, sizeof(*sets));
    struct fw_source_info *infos = fw_arena_push(arena, (void *)(uintptr_t)device->ids_info,
                                                 device->nids, sizeof(*infos));
    fw_sv *names = fw_arena_push(arena, (void *)(uintptr_t)device->ids_paths, device->nids,
                                 sizeof(*names));
    sets[device->nids] = set;
    infos[device->nids] = doc->info;
    names[device->nids++] = path;
    device->ids = sets;
    device->ids_info = infos;
    device->ids_paths = names;
}

/* Two databases of countries would have to be told apart: the last one counts, as in a folder of
 * monthly ones. */
static void load_geo(struct fw_cli *cli, struct fw_answer *answer, struct fw_ids_files *files,
                     fw_sv path)
{
    struct fw_input *input = fw_inputs_add(&cli->arena, &answer->inputs, FW_INPUT_GEOIP, path,
                                           FW_SV(""));
    bool read = fw_inputs_geo(&cli->arena, input, path, path.p, cli->diags, &files->geo);
    files->has_geo = files->has_geo || read;
    answer->unreadable = answer->unreadable || !read;
}

static void load_list(struct fw_cli *cli, struct fw_answer *answer, struct fw_ids_files *files,
                      fw_sv path, enum fw_input_role role)
{
    struct fw_input *input;
    struct fw_doc *doc = load(cli, answer, files, role, path, &input);
    if (doc) {
        note(cli, answer, input, doc, fw_input_role_name(role),
             fw_idslists_take(&files->lists, &cli->arena, doc, role, answer->facts.zone_seconds));
    }
}

void fw_ids_files_read(struct fw_cli *cli, struct fw_answer *answer, struct fw_paths *paths,
                       struct fw_ids_files *ret)
{
    size_t left = 0;
    *ret = (struct fw_ids_files){0};
    for (size_t i = 0; i < paths->n; i++) {
        fw_sv path = paths->v[i];
        struct kind kind = find_kind(&cli->arena, path);
        if (kind.parser) {
            load_rules(cli, answer, ret, path, kind.parser);
        } else if (kind.role == FW_INPUT_GEOIP) {
            load_geo(cli, answer, ret, path);
        } else if (kind.role != FW_INPUT_ROLE_COUNT) {
            load_list(cli, answer, ret, path, kind.role);
        } else {
            paths->v[left++] = path;
        }
    }
    paths->n = left;
}

static bool names_sensor(fw_sv names, fw_sv sensor)
{
    fw_sv name;
    while (fw_sv_split(&names, ';', &name)) {
        if (fw_sv_eq_nocase(fw_sv_trim(name), sensor)) {
            return true;
        }
    }
    return false;
}

/* A list that names no sensors is about the one that is asked for: it sees what has to be seen.
 * What another sensor sees, this one need not. */
static void find_watched(struct fw_cli *cli, struct fw_ids_files *files, struct fw_facts *facts)
{
    const struct fw_zonelist *list = &files->lists.zones;
    struct fw_device_facts *device = &files->device;
    struct fw_zone *zones = fw_new_array(&cli->arena, list->n + 1, struct fw_zone);
    fw_sv *seen = fw_new_array(&cli->arena, list->n + 1, fw_sv);
    for (size_t i = 0; i < list->n; i++) {
        bool ours = list->has_sensors ? names_sensor(list->sensors[i], device->name)
                                      : list->v[i].watched;
        zones[i] = list->v[i];
        zones[i].watched = zones[i].watched && (ours || list->sensors[i].n == 0);
        if (ours) {
            seen[device->nwatches++] = zones[i].name;
        }
    }
    device->watches = seen;
    facts->nzones = list->n;
    facts->zones = zones;
}

void fw_ids_files_facts(struct fw_cli *cli, struct fw_ids_files *files, struct fw_facts *facts)
{
    const char *named = cli->value[FW_OPT_SENSOR];
    fw_sv only = fw_idslists_sensor(&files->lists);
    files->device.name = named ? fw_sv_from(named) : only.n > 0 ? only : FW_SV("sensor");
    find_watched(cli, files, facts);
    fw_idslists_facts(&files->lists, facts);
    facts->geo = files->has_geo ? &files->geo : NULL;
    facts->ndevices = 1;
    facts->devices = &files->device;
}

void fw_ids_files_clear(struct fw_ids_files *files)
{
    for (size_t i = 0; i < files->ndocs; i++) {
        fw_doc_clear(files->docs[i]);
    }
}
