/* Feeds of advisories as this project walks them in place, against what a JSON library reads: every
 * advisory, its score, and every version that it names. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/advisories.h"
#include "tests/corpus/corpus.h"

enum { PRODUCTS = 4096, PARTS = 7 };

struct score {
    size_t files, advisories, fields, alike;
};

struct products {
    const char *v[PRODUCTS + 1];
    size_t n;
};

static const char *string_of(const cJSON *row, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, key);
    return cJSON_IsString(value) ? value->valuestring : "";
}

/* The parts of a CPE name, without its backslashes; the caller frees parts[0]. */
static size_t split(const char *cpe, char *parts[PARTS])
{
    char *out = malloc(strlen(cpe) + 1);
    size_t n = 0;
    parts[n++] = out;
    for (const char *p = cpe; *p; p++) {
        if (*p == '\\' && p[1]) {
            *out++ = *++p;
        } else if (*p == ':') {
            *out++ = '\0';
            if (n == PARTS) {
                return n;
            }
            parts[n++] = out;
        } else {
            *out++ = *p;
        }
    }
    *out = '\0';
    return n;
}

static void same(struct score *score, bool alike, const char *id, const char *what)
{
    score->fields++;
    score->alike += alike;
    if (!alike) {
        printf("differs: %s: %s\n", id, what);
    }
}

/* The highest base score of the newest version of the scale. */
static int score_of(const cJSON *cve)
{
    static const char *const scales[] = {"cvssMetricV40", "cvssMetricV31", "cvssMetricV30",
                                         "cvssMetricV2"};
    const cJSON *metrics = cJSON_GetObjectItemCaseSensitive(cve, "metrics");
    for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(metrics, scales[i]);
        const cJSON *metric;
        int best = -1;
        cJSON_ArrayForEach(metric, list)
        {
            const cJSON *data = cJSON_GetObjectItemCaseSensitive(metric, "cvssData");
            const cJSON *base = cJSON_GetObjectItemCaseSensitive(data, "baseScore");
            int ten = cJSON_IsNumber(base) ? (int)(base->valuedouble * 10 + 0.5) : -1;
            best = ten > best ? ten : best;
        }
        if (best >= 0) {
            return best;
        }
    }
    return -1;
}

static bool bound(fw_sv ours, bool excluded, const cJSON *match, const char *including,
                  const char *excluding)
{
    const char *open = string_of(match, excluding);
    return fw_sv_is(ours, *open ? open : string_of(match, including)) &&
           (ours.n == 0 || excluded == (*open != '\0'));
}

static void compare_matches(struct score *score, const cJSON *cve, const struct fw_advisory *ours)
{
    const char *id = string_of(cve, "id");
    size_t at = 0;
    const cJSON *configuration;
    const cJSON *node;
    const cJSON *match;
    cJSON_ArrayForEach(configuration, cJSON_GetObjectItemCaseSensitive(cve, "configurations"))
    {
        cJSON_ArrayForEach(node, cJSON_GetObjectItemCaseSensitive(configuration, "nodes"))
        {
            cJSON_ArrayForEach(match, cJSON_GetObjectItemCaseSensitive(node, "cpeMatch"))
            {
                char *parts[PARTS];
                if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(match, "vulnerable"))) {
                    continue;
                }
                split(string_of(match, "criteria"), parts);
                const struct fw_affected *a = ours && at < ours->naffected ? &ours->affected[at]
                                                                           : NULL;
                at++;
                same(score, a && fw_sv_is(a->vendor, parts[3]), id, "vendor");
                same(score, a && fw_sv_is(a->product, parts[4]), id, "product");
                same(score, a && fw_sv_is(a->version, parts[5]), id, "version");
                same(score, a && fw_sv_is(a->update, parts[6]), id, "update");
                same(score,
                     a && bound(a->start, a->start_excluded, match, "versionStartIncluding",
                                "versionStartExcluding"),
                     id, "start");
                same(score,
                     a && bound(a->end, a->end_excluded, match, "versionEndIncluding",
                                "versionEndExcluding"),
                     id, "end");
                free(parts[0]);
            }
        }
    }
    same(score, ours && ours->naffected == at, id, "number of versions");
}

static void add_products(const cJSON *value, struct products *products)
{
    const cJSON *child;
    if (value->string && strcmp(value->string, "criteria") == 0) {
        char *parts[PARTS];
        split(value->valuestring, parts);
        if (products->n < PRODUCTS) {
            products->v[products->n++] = strdup(parts[4]);
        }
        free(parts[0]);
    }
    cJSON_ArrayForEach(child, value)
    {
        add_products(child, products);
    }
}

static void compare(const struct corpus_file *file, fw_sv text, struct score *score)
{
    static struct products products;
    cJSON *json = cJSON_ParseWithLength(text.p, text.n);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "vulnerabilities");
    struct fw_advisories feed = {0};
    struct fw_diags *diags = fw_diags_new();
    struct fw_doc doc;
    const cJSON *item;
    products.n = 0;
    add_products(json, &products);
    products.v[products.n] = NULL;
    fw_doc_init(&doc, file->name, diags);
    fw_doc_set_text(&doc, text);
    bool read = fw_advisories_parse(&doc, products.v, &feed) == FW_OK;
    same(score, read && feed.total == (uint64_t)cJSON_GetArraySize(list), file->path.p, "total");
    size_t at = 0;
    cJSON_ArrayForEach(item, list)
    {
        const cJSON *cve = cJSON_GetObjectItemCaseSensitive(item, "cve");
        const char *id = string_of(cve, "id");
        const struct fw_advisory *ours = at < feed.n && fw_sv_is(feed.v[at].id, id) ? &feed.v[at]
                                                                                    : NULL;
        if (!ours && !cJSON_GetObjectItemCaseSensitive(cve, "configurations")) {
            continue; /* names no version yet */
        }
        at += ours != NULL;
        score->advisories++;
        int ten = score_of(cve);
        same(score,
             ours && ours->has_score == (ten >= 0) && (ten < 0 || ours->score10 == (unsigned)ten),
             id, "score");
        same(score, ours && fw_sv_is(ours->published, string_of(cve, "published")), id,
             "published");
        compare_matches(score, cve, ours);
    }
    for (size_t i = 0; i < products.n; i++) {
        free((void *)(uintptr_t)products.v[i]);
    }
    score->files++;
    fw_doc_clear(&doc);
    fw_diags_free(diags);
    cJSON_Delete(json);
}

int main(void)
{
    struct fw_arena arena;
    struct corpus_files files;
    struct score score = {0};
    int code = corpus_open(&arena, "nvd/", &files);
    if (code != 0) {
        return code;
    }
    for (size_t i = 0; i < files.n; i++) {
        fw_sv text = corpus_read(&arena, files.v[i].path.p);
        if (files.v[i].input && fw_sv_find(text, FW_SV("\"vulnerabilities\"")) != SIZE_MAX) {
            compare(&files.v[i], text, &score);
        }
    }
    fw_arena_clear(&arena);
    printf("%zu feeds, %zu advisories: %zu of %zu fields alike\n", score.files, score.advisories,
           score.alike, score.fields);
    return score.files > 0 && score.advisories > 0 && score.alike == score.fields ? EXIT_SUCCESS
                                                                                  : EXIT_FAILURE;
}
