/* Which rule set do a line, a path or an address name, and which version of an engine? */
#include "parsers/idsset.h"

#include "core/limits.h"

enum fw_publisher fw_publisher_of(fw_sv text)
{
    /* The first that fits: a name may hold a shorter one. */
    static const struct {
        const char *word;
        enum fw_publisher publisher;
    } words[] = {
        {"etpro.rules", FW_PUBLISHER_ET_PRO},
        {"emergingthreats pro", FW_PUBLISHER_ET_PRO},
        {"emerging threats pro", FW_PUBLISHER_ET_PRO},
        {"emergingthreatspro", FW_PUBLISHER_ET_PRO},
        {"emerging.rules", FW_PUBLISHER_ET_OPEN},
        {"emergingthreats", FW_PUBLISHER_ET_OPEN},
        {"emerging threats", FW_PUBLISHER_ET_OPEN},
        {"snort3-community", FW_PUBLISHER_SNORT3_COMMUNITY},
        {"community-rules", FW_PUBLISHER_SNORT2_COMMUNITY},
        {"snortrules-snapshot", FW_PUBLISHER_TALOS_REGISTERED},
        {"talos_lightspd", FW_PUBLISHER_TALOS_REGISTERED},
        {"vrt certified rules", FW_PUBLISHER_TALOS_REGISTERED},
        {"snort subscriber", FW_PUBLISHER_TALOS_REGISTERED},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (fw_sv_find_nocase(text, words[i].word) != SIZE_MAX) {
            return words[i].publisher;
        }
    }
    return FW_PUBLISHER_UNKNOWN;
}

static bool ends_archive(fw_sv word)
{
    static const char *const ends[] = {".tar.gz", ".tgz", ".tar", ".tar.xz", ".tar.bz2", ".zip"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (fw_sv_ends(word, ends[i])) {
            return true;
        }
    }
    return false;
}

/* The digits of "snortrules-snapshot-29200", else "suricata-7.0.5" in the path before the name. */
static fw_sv version_in(fw_sv path, fw_sv name)
{
    size_t at = fw_sv_find(name, FW_SV("snapshot-"));
    if (at != SIZE_MAX) {
        fw_sv rest = fw_sv_sub(name, at + 9, SIZE_MAX);
        return fw_sv_sub(rest, 0, fw_sv_find_char(rest, '.'));
    }
    fw_sv folder = fw_sv_sub(path, 0, path.n - name.n - (path.n > name.n));
    static const char *const engines[] = {"suricata-", "snort-"};
    for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
        at = fw_sv_find(folder, fw_sv_from(engines[i]));
        if (at != SIZE_MAX) {
            fw_sv rest = fw_sv_sub(folder, at, SIZE_MAX);
            return fw_sv_sub(rest, 0, fw_sv_find_char(rest, '/'));
        }
    }
    return (fw_sv){0};
}

struct fw_ids_ruleset fw_idsset_archive(fw_sv line)
{
    fw_sv rest = line;
    fw_sv word;
    while (fw_sv_word(&rest, &word)) {
        while (word.n > 0 && memchr(".,;:'\")", word.p[word.n - 1], 7)) {
            word = fw_sv_sub(word, 0, word.n - 1);
        }
        while (word.n > 0 && memchr("'\"(", word.p[0], 3)) {
            word = fw_sv_sub(word, 1, SIZE_MAX);
        }
        enum fw_publisher publisher = ends_archive(word) ? fw_publisher_of(word)
                                                         : FW_PUBLISHER_UNKNOWN;
        if (publisher != FW_PUBLISHER_UNKNOWN) {
            size_t slash = word.n;
            while (slash > 0 && word.p[slash - 1] != '/') {
                slash--;
            }
            fw_sv name = fw_sv_sub(word, slash, SIZE_MAX);
            return (struct fw_ids_ruleset){
                .publisher = publisher, .name = name, .version = version_in(word, name)};
        }
    }
    return (struct fw_ids_ruleset){.publisher = FW_PUBLISHER_UNKNOWN};
}

void fw_idsset_add(struct fw_doc *doc, struct fw_idsconf *conf, const struct fw_ids_ruleset *set)
{
    for (size_t i = 0; i < conf->nrulesets; i++) {
        struct fw_ids_ruleset *have = &conf->rulesets[i];
        if (have->publisher == set->publisher && fw_sv_eq(have->name, set->name) &&
            fw_sv_eq(have->version, set->version)) {
            have->date = have->date.year == 0 ? set->date : have->date;
            return;
        }
    }
    if (conf->nrulesets < FW_LIMIT_IDS_SETS) {
        conf->rulesets = fw_arena_push(&doc->arena, conf->rulesets, conf->nrulesets, sizeof(*set));
        conf->rulesets[conf->nrulesets++] = *set;
    } else {
        fw_doc_warn(doc, FW_DIAG_ID_LIMIT_REACHED, set->span.line, (fw_sv){0},
                    "more different rule sets than the limit IDS_SETS allows");
    }
}

/* A log says the same at every start: one row, of the last time. */
void fw_idsengine_add(struct fw_doc *doc, struct fw_idsconf *conf,
                      const struct fw_ids_engine *engine)
{
    struct fw_ids_engine *last = conf->nengines > 0 ? &conf->engines[conf->nengines - 1] : NULL;
    if (last && fw_sv_eq(last->product, engine->product) &&
        fw_sv_eq(last->version, engine->version)) {
        if (engine->dated) {
            last->dated = true;
            last->date = engine->date;
        }
        return;
    }
    conf->engines = fw_arena_push(&doc->arena, conf->engines, conf->nengines, sizeof(*engine));
    conf->engines[conf->nengines++] = *engine;
}

bool fw_idsengine_version(fw_sv text, struct fw_ids_engine *ret)
{
    fw_sv rest = text;
    fw_sv word;
    while (fw_sv_word(&rest, &word)) {
        if (!fw_sv_is_nocase(word, "version")) {
            continue;
        }
        if (!fw_sv_word(&rest, &word) || !fw_is_digit(word.p[0])) {
            return false;
        }
        while (word.n > 0 && !fw_is_word(word.p[word.n - 1])) {
            word = fw_sv_sub(word, 0, word.n - 1);
        }
        ret->version = word;
        fw_sv build = fw_sv_trim(rest);
        ret->build = fw_sv_sub(build, 0, 80);
        return true;
    }
    return false;
}

void fw_idsmention_add(struct fw_doc *doc, struct fw_idsconf *conf,
                       const struct fw_ids_mention *mention)
{
    conf->mentions = fw_arena_push(&doc->arena, conf->mentions, conf->nmentions, sizeof(*mention));
    conf->mentions[conf->nmentions++] = *mention;
}
