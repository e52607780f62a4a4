/* Which of the named files are about clocks, and what do they say? A file alone names no device: it
 * is judged under its path. */
#include "cli/clock_files.h"

#include "core/charset.h"
#include "core/source.h"
#include "evidence/clocks.h"

/* Headers and first lines; a log is not decoded twice for less than nothing. */
enum { HEAD_BYTES = 4096 };

static bool is_clock(fw_sv path)
{
    struct fw_source *source;
    struct fw_decoded decoded;
    struct fw_arena arena;
    if (fw_sv_is(path, "-") || fw_source_open(path.p, &source) != FW_OK) {
        return false;
    }
    fw_arena_init(&arena, 0);
    fw_sv peeked = fw_sv_sub(fw_source_peek(source, HEAD_BYTES), 0, HEAD_BYTES);
    fw_charset_decode(&arena, peeked, &decoded);
    bool clock = fw_clocks_is(decoded.text);
    fw_arena_clear(&arena);
    fw_source_free(source);
    return clock;
}

static void read_one(struct fw_cli *cli, struct fw_answer *answer, fw_sv path,
                     struct fw_sync_view *ret)
{
    struct fw_input *input = fw_inputs_add(&cli->arena, &answer->inputs, FW_INPUT_CLOCK, path,
                                           FW_SV(""));
    struct fw_sync_reader reader;
    struct fw_doc doc;
    const struct fw_parser *parser = NULL;
    input->real_path = path;
    fw_sync_begin(&reader, &cli->arena, path, false);
    fw_doc_init(&doc, path, cli->diags);
    if (fw_doc_load(&doc, path.p) == FW_OK) {
        parser = fw_clocks_read(&doc, answer->facts.zone_seconds, &reader);
    }
    if (parser) {
        input->info = doc.info;
        input->lines = fw_doc_counts(&doc);
        input->format = parser->name;
        fw_source_report(&doc.info, path, cli->diags);
    } else {
        input->missing = true;
        answer->unreadable = true;
    }
    fw_sync_finish(&reader, ret);
    fw_doc_clear(&doc);
}

void fw_clock_files_read(struct fw_cli *cli, struct fw_answer *answer, struct fw_paths *paths)
{
    struct fw_sync_view *views = NULL;
    size_t n = 0;
    size_t left = 0;
    for (size_t i = 0; i < paths->n; i++) {
        if (is_clock(paths->v[i])) {
            views = fw_arena_push(&cli->arena, views, n, sizeof(*views));
            read_one(cli, answer, paths->v[i], &views[n++]);
        } else {
            paths->v[left++] = paths->v[i];
        }
    }
    paths->n = left;
    answer->facts.nsyncs = n;
    answer->facts.syncs = views;
}
