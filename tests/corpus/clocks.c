/* What time services and devices print of their clocks, against what other programs read from it:
 * a table of fields by kind of file. A field that another program has and we have not, or have
 * otherwise, counts against us. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/clocks.h"
#include "tests/corpus/corpus.h"

enum { RECORDS = 256, KINDS = 16 };

struct score {
    char kind[64];
    unsigned files, fields, equal, missing, wrong, moved;
};

struct test {
    struct fw_clock_sink sink;
    struct fw_arena *arena;
    size_t n;
    struct fw_clock_record v[RECORDS];
    size_t nscores;
    struct score scores[KINDS];
    struct score *score;
    const char *name;
};

static void keep(struct fw_clock_sink *sink, const struct fw_clock_record *record)
{
    struct test *test = (struct test *)sink;
    if (test->n == RECORDS || record->nfields == 0) {
        return;
    }
    struct fw_clock_record *copy = &test->v[test->n++];
    *copy = *record;
    for (size_t i = 0; i < copy->nfields; i++) {
        copy->fields[i].name = fw_arena_copy(test->arena, copy->fields[i].name);
        copy->fields[i].text = fw_arena_copy(test->arena, copy->fields[i].text);
    }
}

/* --- comparing one field --------------------------------------------------------------------- */

/* How a field of theirs stands in ours. */
enum part {
    WHOLE,
    FIRST,  /* word */
    SECOND, /* word */
    THIRD,  /* word */
    PAREN,  /* what stands in parentheses */
    TIME,   /* ours a date, theirs seconds since 1970 */
    SLOW,   /* a number, negative when it is called slow */
    FAST,   /* the same, when it is called fast */
    LETTER, /* the first letter stands for the word */
    MOVES,  /* it goes on between one question and the next, if only by a little */
};

static fw_sv nth_word(fw_sv text, int n)
{
    fw_sv word = {0};
    for (int i = 0; i <= n; i++) {
        if (!fw_sv_word(&text, &word)) {
            return (fw_sv){0};
        }
    }
    return word;
}

static fw_sv part_of(fw_sv text, enum part part)
{
    size_t open = fw_sv_find_char(text, '(');
    size_t end = fw_sv_find_char(text, ')');
    if (part == PAREN) {
        return open < text.n && end < text.n ? fw_sv_sub(text, open + 1, end - open - 1)
                                             : (fw_sv){0};
    }
    return part == FIRST    ? nth_word(text, 0)
           : part == SECOND ? nth_word(text, 1)
           : part == THIRD  ? nth_word(text, 2)
                            : text;
}

static double number(const char *text, char **end)
{
    return strtod(text, end);
}

/* Half a unit of the last digit that is printed. */
static double resolution(const char *text, const char *end)
{
    const char *point = memchr(text, '.', (size_t)(end - text));
    return 0.51 * (point ? pow(10, -(double)(end - point - 1)) : 1);
}

static double unit_of(const char *end)
{
    while (*end == ' ') {
        end++;
    }
    return strncmp(end, "ns", 2) == 0   ? 1e-9
           : strncmp(end, "us", 2) == 0 ? 1e-6
           : strncmp(end, "ms", 2) == 0 ? 1e-3
                                        : 1;
}

/* The number we read is theirs, as exactly as it is printed. */
static bool same_number(const char *ours, const char *theirs, enum part part)
{
    char *end;
    char *rest;
    double a = number(ours, &end);
    double b = number(theirs, &rest);
    if (end == ours || rest == theirs || *rest != '\0') {
        return false;
    }
    double unit = unit_of(end);
    bool turned = (part == SLOW && strstr(ours, "slow")) || (part == FAST && strstr(ours, "fast"));
    a = (turned ? -a : a) * unit;
    return fabs(a - b) <= resolution(ours, end) * unit + 1e-12;
}

static bool same_leap(fw_sv letter, fw_sv word)
{
    return letter.n == 1 && (fw_sv_starts(word, "Normal") ? letter.p[0] == 'N'
                             : fw_sv_starts(word, "Not")  ? letter.p[0] == '?'
                                                          : false);
}

static bool same(fw_sv ours, const char *theirs, enum part part)
{
    struct fw_stamp stamp;
    fw_sv text = part_of(ours, part);
    if (fw_sv_is(text, theirs)) {
        return true;
    }
    if (part == TIME) {
        return fw_clock_stamp(ours, &stamp) &&
               fw_stamp_seconds(&stamp, 0) == (int64_t)floor(atof(theirs));
    }
    if (part == LETTER) {
        return same_leap(text, fw_sv_from(theirs));
    }
    char copy[512];
    snprintf(copy, sizeof(copy), "%.*s", FW_SV_ARG(text));
    return same_number(copy, theirs, part);
}

/* What the question itself or the milliseconds before the next one change. */
static bool moved(fw_sv ours, const char *theirs)
{
    char copy[64];
    snprintf(copy, sizeof(copy), "%.*s", FW_SV_ARG(ours));
    double a = atof(copy);
    double b = atof(theirs);
    return b == a + 1 || fabs(a - b) < 1e-6;
}

static void compare(struct test *test, const char *name, fw_sv ours, const char *theirs,
                    enum part part)
{
    struct score *score = test->score;
    if (part == MOVES && !same(ours, theirs, WHOLE) && moved(ours, theirs)) {
        score->moved++;
        return;
    }
    score->fields++;
    if (ours.p && same(ours, theirs, part)) {
        score->equal++;
        return;
    }
    score->missing += !ours.p;
    score->wrong += ours.p != NULL;
    printf("# %s: %s is \"%.*s\", theirs \"%s\"\n", test->name, name, FW_SV_ARG(ours), theirs);
}

/* --- chronyc -c ------------------------------------------------------------------------------ */

struct column {
    const char *name; /* NULL: the next field, in order */
    enum part part;
};

static const struct column tracking[] = {
    {"reference_id", FIRST},
    {"reference_id", PAREN},
    {"stratum", WHOLE},
    {"ref_time_utc", TIME},
    {"system_time", FAST},
    {"last_offset", WHOLE},
    {"rms_offset", WHOLE},
    {"frequency", SLOW},
    {"residual_freq", WHOLE},
    {"skew", WHOLE},
    {"root_delay", WHOLE},
    {"root_dispersion", MOVES},
    {"update_interval", WHOLE},
    {"leap_status", WHOLE},
    {NULL, WHOLE},
};
static const struct column ntpdata[] = {
    {"remote_address", FIRST},
    {"remote_address", PAREN},
    {"remote_port", WHOLE},
    {"local_address", FIRST},
    {"local_address", PAREN},
    {"leap_status", WHOLE},
    {"version", WHOLE},
    {"mode", WHOLE},
    {"stratum", WHOLE},
    {"poll_interval", FIRST},
    {"poll_interval", PAREN},
    {"precision", FIRST},
    {"precision", PAREN},
    {"root_delay", WHOLE},
    {"root_dispersion", WHOLE},
    {"reference_id", FIRST},
    {"reference_id", PAREN},
    {"reference_time", TIME},
    {"offset", WHOLE},
    {"peer_delay", WHOLE},
    {"peer_dispersion", WHOLE},
    {"response_time", WHOLE},
    {"jitter_asymmetry", WHOLE},
    {"ntp_tests", FIRST},
    {"ntp_tests", SECOND},
    {"ntp_tests", THIRD},
    {"interleaved", WHOLE},
    {"authenticated", WHOLE},
    {"tx_timestamping", WHOLE},
    {"rx_timestamping", WHOLE},
    {"total_tx", WHOLE},
    {"total_rx", WHOLE},
    {"total_valid_rx", WHOLE},
    {"total_good_rx", WHOLE},
    {NULL, WHOLE},
};
static const struct column in_order[] = {{NULL, WHOLE}};
static const struct column serverstats[] = {
    {"ntp_packets_received", WHOLE},
    {"ntp_packets_dropped", WHOLE},
    {"command_packets_received", MOVES},
    {NULL, WHOLE},
};
static const struct column selectdata[] = {
    {"state", WHOLE},
    {"name", WHOLE},
    {"auth", WHOLE},
    {NULL, WHOLE},
};

static const struct {
    const char *name;
    const struct column *columns;
} commands[] = {
    {"chronyc-activity", in_order},     {"chronyc-ntpdata", ntpdata},
    {"chronyc-selectdata", selectdata}, {"chronyc-serverstats", serverstats},
    {"chronyc-sources", in_order},      {"chronyc-sourcestats", in_order},
    {"chronyc-tracking", tracking},
};

/* The options of a source are ten columns there and two words here. */
static void compare_selectdata(struct test *test, const struct fw_clock_record *record,
                               const char *const *cells, size_t n)
{
    static const char *const last[] = {"last", "score", "lower", "upper", "leap"};
    for (size_t i = 0; i < 10 && i + 3 < n; i++) {
        fw_sv word = fw_clock_get(record, i < 5 ? "configured" : "effective");
        compare(test, "option", fw_sv_sub(word, i % 5, 1), cells[3 + i], WHOLE);
    }
    for (size_t i = 0; i < 5 && i + 13 < n; i++) {
        compare(test, last[i], fw_clock_get(record, last[i]), cells[13 + i],
                i == 4 ? LETTER : WHOLE);
    }
}

static void compare_row(struct test *test, const struct column *columns,
                        const struct fw_clock_record *record, fw_sv row)
{
    const char *cells[64];
    size_t n = 0;
    fw_sv cell;
    while (n < 64 && fw_sv_split(&row, ',', &cell)) {
        cells[n++] = fw_arena_cstr(test->arena, cell);
    }
    size_t i = 0;
    for (; i < n && columns[i].name; i++) {
        compare(test, columns[i].name, fw_clock_get(record, columns[i].name), cells[i],
                columns[i].part);
    }
    if (columns == selectdata) {
        compare_selectdata(test, record, cells, n);
        return;
    }
    for (; i < n; i++) {
        fw_sv text = i < record->nfields ? record->fields[i].text : (fw_sv){0};
        compare(test, "column", text, cells[i], WHOLE);
    }
}

static bool compare_csv(struct test *test, fw_sv name, fw_sv expected)
{
    size_t best = sizeof(commands) / sizeof(commands[0]);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (fw_sv_find(name, fw_sv_from(commands[i].name)) < name.n) {
            best = i; /* "sources" stands in "sourcestats" too; the longer one comes later */
        }
    }
    if (best == sizeof(commands) / sizeof(commands[0])) {
        return false;
    }
    fw_sv row;
    size_t i = 0;
    while (fw_sv_split(&expected, '\n', &row) && row.n > 0) {
        static const struct fw_clock_record none;
        compare_row(test, commands[best].columns, i < test->n ? &test->v[i] : &none, row);
        i++;
    }
    return true;
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void compare_member(struct test *test, const struct fw_clock_record *record,
                           const cJSON *member)
{
    char text[256] = "";
    char key[128];
    size_t n = 0;
    for (const char *p = member->string; *p && n + 1 < sizeof(key); p++) {
        key[n++] = *p == '-' || *p == '.' ? '_' : *p;
    }
    key[n] = '\0';
    if (cJSON_IsNull(member)) {
        return;
    }
    if (strcmp(key, "epoch_utc") == 0) {
        snprintf(text, sizeof(text), "%" PRId64, fw_stamp_seconds(&record->stamp, 0));
        test->score->fields++;
        bool equal = record->has_stamp && (double)atoll(text) == member->valuedouble;
        test->score->equal += equal;
        test->score->wrong += !equal;
        return;
    }
    if (cJSON_IsBool(member)) {
        snprintf(text, sizeof(text), "%s", cJSON_IsTrue(member) ? "yes" : "no");
    } else if (cJSON_IsNumber(member)) {
        snprintf(text, sizeof(text), "%.9g", member->valuedouble);
    } else {
        snprintf(text, sizeof(text), "%s", member->valuestring);
    }
    fw_sv ours = fw_clock_get(record, key);
    char *copy = fw_arena_cstr(test->arena, ours);
    for (size_t i = 0; strcmp(key, "remote") == 0 && i < ours.n; i++) {
        copy[i] = copy[i] == ' ' ? '_' : copy[i]; /* as they spell a name that was cut */
    }
    compare(test, key, ours.p ? fw_sv_of(copy, ours.n) : ours, text, WHOLE);
}

static bool compare_json(struct test *test, fw_sv expected)
{
    cJSON *root = cJSON_ParseWithLength(expected.p, expected.n);
    const cJSON *item;
    const cJSON *member;
    size_t i = 0;
    if (cJSON_IsArray(root)) {
        cJSON_ArrayForEach(item, root)
        {
            static const struct fw_clock_record none;
            const struct fw_clock_record *record = i < test->n ? &test->v[i] : &none;
            cJSON_ArrayForEach(member, item)
            {
                compare_member(test, record, member);
            }
            i++;
        }
    } else {
        cJSON_ArrayForEach(member, root)
        {
            compare_member(test, &test->v[0], member);
        }
    }
    cJSON_Delete(root);
    return root != NULL;
}

/* --- YAML of one depth ----------------------------------------------------------------------- */

/* Their name of a field and ours; `part` of it. */
static const struct {
    const char *theirs, *ours;
    enum part part;
} names[] = {
    {"ref_id", "refid", WHOLE},      {"stratum", "st", WHOLE},
    {"last", "when", WHOLE},         {"gateway", "default_gateway", WHOLE},
    {"os", "sw_version", WHOLE},     {"security_level", "current_security_level", WHOLE},
    {"ip_address", "remote", WHOLE}, {"timezone", "zone", WHOLE},
    {"dayweek", "weekday", WHOLE},
};

static const char *const stamps[][2] = {
    {"boot_", "system_booted"},
    {"protocols_", "protocols_started"},
    {"last_config_", "last_configured"},
    {"", "current_time"},
};

static unsigned month_number(const char *text)
{
    static const char all[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *at = strstr(all, text);
    return at ? (unsigned)(at - all) / 3 + 1 : (unsigned)atoi(text);
}

/* A part of a date: theirs is a field of its own. */
static bool compare_stamp(struct test *test, const struct fw_clock_record *record, const char *key,
                          const char *theirs)
{
    fw_sv text = {0};
    struct fw_stamp stamp = record->stamp;
    bool has = record->has_stamp;
    bool of_field = false;
    for (size_t i = 0; i < 4 && !of_field; i++) {
        fw_sv field = fw_clock_get(record, stamps[i][1]);
        if (field.p && strncmp(key, stamps[i][0], strlen(stamps[i][0])) == 0) {
            text = fw_sv_sub(field, 0, 23);
            has = fw_clock_stamp(text, &stamp);
            key += strlen(stamps[i][0]);
            of_field = true;
        }
    }
    const struct {
        const char *name;
        unsigned value;
    } parts[] = {
        {"year", (unsigned)stamp.year}, {"month", stamp.month},   {"day", stamp.day},
        {"hour", stamp.hour},           {"minute", stamp.minute}, {"second", stamp.second},
    };
    if (of_field && strcmp(key, "time") == 0) {
        compare(test, key, nth_word(text, 1), theirs, WHOLE);
        return true;
    }
    if (of_field && strcmp(key, "timezone") == 0) {
        compare(test, key, nth_word(text, 2), theirs, WHOLE);
        return true;
    }
    fw_sv time = fw_clock_get(record, "time");
    if (!has && time.p) { /* no date is printed: the time of day stands alone */
        has = fw_clock_time_of_day(time, &stamp);
        return false;
    }
    for (size_t i = 0; i < 6; i++) {
        if (strcmp(key, parts[i].name) == 0) {
            char ours[16];
            char value[16];
            snprintf(ours, sizeof(ours), "%u", parts[i].value);
            snprintf(value, sizeof(value), "%u", month_number(theirs));
            compare(test, key, has ? fw_sv_from(ours) : (fw_sv){0}, value, WHOLE);
            return true;
        }
    }
    return false;
}

static void compare_pair(struct test *test, const struct fw_clock_record *record, const char *key,
                         const char *theirs)
{
    char joined[128];
    const char *ours = key;
    fw_sv time = fw_clock_get(record, "time");
    if (strcmp(key, "id") == 0) {
        snprintf(joined, sizeof(joined), "%.*s %.*s", FW_SV_ARG(fw_clock_get(record, "state")),
                 FW_SV_ARG(fw_clock_get(record, "id")));
        compare(test, key, fw_sv_from(joined), theirs, WHOLE);
        return;
    }
    struct fw_stamp clock = {0};
    bool alone = !record->has_stamp && time.p && fw_clock_time_of_day(time, &clock);
    if (alone &&
        (strcmp(key, "hour") == 0 || strcmp(key, "minute") == 0 || strcmp(key, "second") == 0)) {
        snprintf(joined, sizeof(joined), "%02u",
                 key[0] == 'h'   ? clock.hour
                 : key[0] == 'm' ? clock.minute
                                 : clock.second);
        compare(test, key, fw_sv_from(joined), theirs, WHOLE);
        return;
    }
    if (strcmp(key, "last_config_user") == 0) {
        fw_sv text = fw_clock_get(record, "last_configured");
        size_t at = fw_sv_find(text, FW_SV(" by "));
        compare(test, key, fw_sv_sub(text, at < text.n ? at + 4 : text.n, SIZE_MAX), theirs, WHOLE);
        return;
    }
    if (compare_stamp(test, record, key, theirs)) {
        return;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        bool named = strcmp(key, names[i].theirs) == 0 && !fw_clock_get(record, key).p;
        ours = named ? names[i].ours : ours;
    }
    compare(test, key, fw_clock_get(record, ours), theirs, WHOLE);
}

static bool compare_yaml(struct test *test, fw_sv expected)
{
    static const struct fw_clock_record none;
    const struct fw_clock_record *record = &none;
    size_t n = 0;
    fw_sv line;
    while (fw_sv_split(&expected, '\n', &line)) {
        if (fw_sv_starts(line, "  - ")) {
            record = n < test->n ? &test->v[n] : &none;
            n++;
            line = fw_sv_sub(line, 4, SIZE_MAX);
        }
        line = fw_sv_trim(line);
        size_t at = fw_sv_find(line, FW_SV(": \""));
        if (at >= line.n || line.n < at + 4) {
            continue;
        }
        fw_sv value = fw_sv_sub(line, at + 3, line.n - at - 4);
        if (value.n > 0) {
            compare_pair(test, record, fw_arena_cstr(test->arena, fw_sv_sub(line, 0, at)),
                         fw_arena_cstr(test->arena, value));
        }
    }
    return n > 0;
}

/* --- files ----------------------------------------------------------------------------------- */

static struct score *find_score(struct test *test, fw_sv name)
{
    fw_sv rest = name; /* TOP/KIND/... */
    fw_sv kind;
    fw_sv_split(&rest, '/', &kind);
    fw_sv_split(&rest, '/', &kind);
    for (size_t i = 0; i < test->nscores; i++) {
        if (fw_sv_is(kind, test->scores[i].kind)) {
            return &test->scores[i];
        }
    }
    struct score *score = &test->scores[test->nscores < KINDS ? test->nscores++ : 0];
    snprintf(score->kind, sizeof(score->kind), "%.*s", FW_SV_ARG(kind));
    return score;
}

static fw_sv read_expected(struct test *test, fw_sv path, const char *ending)
{
    size_t dot = path.n;
    while (dot > 0 && path.p[dot - 1] != '.') {
        dot--;
    }
    fw_sv other = fw_arena_printf(test->arena, "%.*s%s", FW_SV_ARG(fw_sv_sub(path, 0, dot)),
                                  ending);
    return corpus_read(test->arena, other.p);
}

static void take(struct fw_arena *arena, const struct corpus_file *file, void *context)
{
    struct test *test = context;
    struct fw_diags *diags = fw_diags_new();
    struct fw_doc doc;
    fw_doc_init(&doc, file->path, diags);
    test->arena = arena;
    test->n = 0;
    test->name = file->name.p;
    const struct fw_parser *parser = NULL;
    if (fw_doc_load(&doc, file->path.p) == FW_OK) {
        parser = fw_parser_detect(FW_PARSER_CLOCK, fw_sv_sub(doc.text, 0, 65536));
    }
    fw_sv csv = read_expected(test, file->path, "expected.csv");
    fw_sv json = read_expected(test, file->path, "expected.json");
    fw_sv yaml = read_expected(test, file->path, "expected.yml");
    bool known = parser && fw_clock_parse(&doc, parser, &test->sink) == FW_OK;
    test->score = find_score(test, file->name);
    if (csv.p || json.p || yaml.p) {
        test->score->files++;
        bool done = csv.p    ? compare_csv(test, file->name, csv)
                    : json.p ? compare_json(test, json)
                             : compare_yaml(test, yaml);
        if (!done || !known) {
            printf("# %s could not be compared\n", test->name);
            test->score->fields++;
            test->score->missing++;
        }
    } else if (known) { /* no other program reads these: their rows are all used */
        struct fw_line_counts lines = fw_doc_counts(&doc);
        test->score->files++;
        test->score->fields += (unsigned)(lines.total - lines.ignored);
        test->score->equal += (unsigned)lines.used;
        test->score->missing += (unsigned)(lines.bad + lines.unsupported);
    }
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

/* Of what devices are asked for besides, these answers tell their time. */
static void take_information(struct fw_arena *arena, const struct corpus_file *file, void *context)
{
    static const char *const answers[] = {"/fortinet__get_system_status__",
                                          "/paloalto_panos__show_system_info__"};
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        if (fw_sv_find(file->name, fw_sv_from(answers[i])) < file->name.n &&
            fw_sv_ends(file->name, ".raw")) {
            take(arena, file, context);
        }
    }
}

int main(void)
{
    static struct test test = {.sink = {keep}};
    int code = corpus_inputs("timesync/", take, &test);
    code = code ? code : corpus_inputs("rulesets/device-show-commands/", take_information, &test);
    unsigned total = 0;
    if (code != 0) {
        return code;
    }
    printf("# kind            files  fields   equal missing   wrong   moved\n");
    for (size_t i = 0; i < test.nscores; i++) {
        const struct score *s = &test.scores[i];
        bool good = (double)s->equal >= 0.99 * (double)s->fields &&
                    (double)s->wrong <= 0.002 * (double)s->fields;
        printf("# %-16s %5u %7u %7u %7u %7u %7u%s\n", s->kind, s->files, s->fields, s->equal,
               s->missing, s->wrong, s->moved, good ? "" : "  too few");
        code |= !good;
        total += s->fields;
    }
    printf("%s - %u fields of clocks read as others do\n", code ? "not ok" : "ok", total);
    return code | (total == 0);
}
