#include "tests/corpus/corpus.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/source.h"

const char *corpus_root(void)
{
    const char *given = getenv("FWPROOF_CORPUS");
    const char *root = given && *given ? given : FW_SOURCE_ROOT "/../shared/corpus";
    char manifest[4096];
    snprintf(manifest, sizeof(manifest), "%s/MANIFEST.jsonl", root);
    if (access(manifest, R_OK) == 0) {
        return root;
    }
    printf("skipped: the corpus is not at %s (FWPROOF_CORPUS names another place)\n", root);
    return NULL;
}

fw_sv corpus_read(struct fw_arena *arena, const char *path)
{
    struct fw_source_info info;
    fw_sv text;
    if (fw_source_load(path, 1u << 30, arena, &text, &info) != FW_OK) {
        return (fw_sv){0};
    }
    return fw_arena_copy(arena, text);
}

static const char *member(const cJSON *row, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, key);
    return cJSON_IsString(value) ? value->valuestring : "";
}

bool corpus_list(struct fw_arena *arena, const char *root, const char *folder,
                 struct corpus_files *ret)
{
    fw_sv path = fw_arena_printf(arena, "%s/MANIFEST.jsonl", root);
    fw_sv text = corpus_read(arena, path.p);
    fw_sv line;
    *ret = (struct corpus_files){0};
    if (!text.p) {
        return false;
    }
    while (fw_sv_split(&text, '\n', &line)) {
        cJSON *row = cJSON_ParseWithLength(line.p, line.n);
        const char *name = member(row, "path");
        if (strncmp(name, folder, strlen(folder)) == 0) {
            ret->v = fw_arena_push(arena, ret->v, ret->n, sizeof(*ret->v));
            struct corpus_file *file = &ret->v[ret->n++];
            file->path = fw_arena_printf(arena, "%s/%s", root, name);
            file->name = fw_arena_copy(arena, fw_sv_from(name));
            file->input = strncmp(member(row, "role"), "input", 5) == 0;
        }
        cJSON_Delete(row);
    }
    return ret->n > 0;
}

int corpus_open(struct fw_arena *arena, const char *folder, struct corpus_files *ret)
{
    const char *root = corpus_root();
    if (!root) {
        return CORPUS_SKIPPED;
    }
    fw_arena_init(arena, 0);
    if (!corpus_list(arena, root, folder, ret)) {
        fw_arena_clear(arena);
        return 1;
    }
    return 0;
}

int corpus_inputs(const char *folder, corpus_take *take, void *context)
{
    struct fw_arena arena;
    struct corpus_files files;
    int code = corpus_open(&arena, folder, &files);
    if (code != 0) {
        return code;
    }
    for (size_t i = 0; i < files.n; i++) {
        if (files.v[i].input) {
            take(&arena, &files.v[i], context);
        }
    }
    fw_arena_clear(&arena);
    return 0;
}
