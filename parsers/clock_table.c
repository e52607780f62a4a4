/*
 * Answers: what do the tables of servers say that time services and devices print?
 *
 *        remote           refid      st t when poll reach   delay   offset  jitter
 *   ==============================================================================
 *   *192.0.2.123     198.51.100.9     2 u   63   64  377   22.654    0.231   1.964
 *
 *   MS Name/IP address         Stratum Poll Reach LastRx Last sample
 *   ^* 192.0.2.123                   2   6   377     1   -387ns[ -451ns] +/- 2076ns
 *
 * Names of servers may hold blanks (ntpq cuts them), so rows are read from their end.
 */
#include "parsers/clock_capture.h"

enum { WORDS = 24 };

/* Words of a header and what they are called here; NULL: a part of the name before. */
static const struct {
    const char *word, *name;
} columns[] = {
    {"address", "remote"}, {"auth", "auth"},       {"delay", "delay"},   {"disp", "jitter"},
    {"id", "id"},          {"ip", "remote"},       {"jitter", "jitter"}, {"last", "when"},
    {"local", "local"},    {"name", "name"},       {"offset", "offset"}, {"poll", "poll"},
    {"reach", "reach"},    {"ref", "refid"},       {"clock", NULL},      {"ref-id", "refid"},
    {"refid", "refid"},    {"remote", "remote"},   {"st", "st"},         {"t", "t"},
    {"type", "type"},      {"version", "version"}, {"vrf", "vrf"},       {"when", "when"},
};

static bool has_column(const struct fw_clock_table *table, const char *name)
{
    for (size_t i = 0; i < table->ncolumns; i++) {
        if (fw_sv_is(fw_sv_from(table->columns[i]), name)) {
            return true;
        }
    }
    return false;
}

static bool add_column(struct fw_clock_table *table, fw_sv word)
{
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (!fw_sv_is_nocase(word, columns[i].word)) {
            continue;
        }
        const char *name = columns[i].name;
        if (!name || has_column(table, name)) { /* "ref clock", "IP Address" */
            return table->ncolumns > 0;
        }
        if (table->ncolumns == FW_CLOCK_COLUMNS) {
            return false;
        }
        table->columns[table->ncolumns++] = name;
        return true;
    }
    return false;
}

static bool peers_header(fw_sv text, struct fw_clock_table *ret)
{
    fw_sv rest = text;
    fw_sv word;
    struct fw_clock_table table = {.kind = FW_CLOCK_PEERS};
    while (fw_sv_word(&rest, &word)) {
        if (!add_column(&table, word)) {
            return false;
        }
    }
    bool state = has_column(&table, "reach") && has_column(&table, "st");
    bool list = has_column(&table, "type") && has_column(&table, "version");
    if (table.ncolumns < 3 || !has_column(&table, "remote") || (!state && !list)) {
        return false;
    }
    table.indented = state && text.p[0] == ' ';
    table.follows = state;
    *ret = table;
    return true;
}

bool fw_clock_is_peers(fw_sv text)
{
    struct fw_clock_table table;
    return text.n > 0 && peers_header(text, &table);
}

bool fw_clock_table_open(struct fw_clock_capture *capture, fw_sv text, uint32_t line)
{
    struct fw_clock_table table = {0};
    if (fw_sv_starts(text, "MS Name/IP")) {
        table = (struct fw_clock_table){.kind = FW_CLOCK_SOURCES, .follows = true};
    } else if (fw_sv_starts(text, "Name/IP Address ") &&
               fw_sv_find(text, FW_SV("Std Dev")) < text.n) {
        table.kind = FW_CLOCK_SOURCESTATS;
    } else if (fw_sv_starts(text, "S Name/IP Address ")) {
        table = (struct fw_clock_table){.kind = FW_CLOCK_SELECTDATA, .follows = true};
    } else if (!peers_header(text, &table)) {
        return false;
    }
    fw_clock_table_close(capture);
    fw_clock_capture_close(capture);
    capture->table = table;
    fw_clock_begin(&capture->state, table.kind == FW_CLOCK_PEERS ? "peers" : "chronyc sources");
    capture->state.span = fw_doc_span(capture->doc, text, line);
    return true;
}

/* The clock follows one of the servers in the list, or none. */
void fw_clock_table_close(struct fw_clock_capture *capture)
{
    if (capture->table.follows) {
        capture->state.sync = capture->state.chosen ? FW_CLOCK_SYNCED : FW_CLOCK_UNSYNCED;
        capture->state.chosen = false;
        capture->sink->take(capture->sink, &capture->state);
    }
    capture->table = (struct fw_clock_table){0};
}

static void take_row(struct fw_clock_capture *capture, struct fw_clock_record *record, fw_sv text,
                     uint32_t line)
{
    record->peer = true;
    record->span = fw_doc_span(capture->doc, text, line);
    capture->table.rows++;
    if (record->chosen) {
        struct fw_clock_record *state = &capture->state;
        state->chosen = true;
        state->server = record->server;
        state->has_offset = record->has_offset;
        state->offset_ns = record->offset_ns;
        state->span = record->span;
    }
    capture->sink->take(capture->sink, record);
}

/* The last words of a line, in their order; what is before them stays. */
static bool cut_last(fw_sv *text, fw_sv *words, size_t n)
{
    fw_sv rest = fw_sv_trim(*text);
    for (size_t i = n; i-- > 0;) {
        size_t end = rest.n;
        size_t at = end;
        while (at > 0 && !fw_is_blank(rest.p[at - 1])) {
            at--;
        }
        if (at == end) {
            return false;
        }
        words[i] = fw_sv_sub(rest, at, end - at);
        rest = fw_sv_trim(fw_sv_sub(rest, 0, at));
    }
    *text = rest;
    return true;
}

/* "*", "+~": the mark of a row and what it says; IOS has "~" for what was configured. Where the
 * column of marks was lost, those that begin no name are still marks. */
static fw_sv cut_tally(const struct fw_clock_table *table, fw_sv *text)
{
    const char *marks = table->indented ? "*+-#xo.=" : table->follows ? "*+#" : "";
    fw_sv tally = {0};
    if (text->n > 1 && text->p[0] != '\0' && strchr(marks, text->p[0])) {
        tally = fw_sv_sub(*text, 0, 1);
        *text = fw_sv_sub(*text, 1, SIZE_MAX);
    }
    *text = fw_sv_trim(*text);
    if (text->n > 1 && text->p[0] == '~') {
        *text = fw_sv_sub(*text, 1, SIZE_MAX);
    }
    return tally;
}

static bool is_octal(fw_sv word)
{
    bool octal = word.n >= 1 && word.n <= 3;
    for (size_t i = 0; octal && i < word.n; i++) {
        octal = word.p[i] >= '0' && word.p[i] <= '7';
    }
    return octal;
}

static bool peers_row(const struct fw_clock_table *table, fw_sv text, struct fw_clock_record *ret)
{
    fw_sv words[FW_CLOCK_COLUMNS];
    fw_sv tally = cut_tally(table, &text);
    uint32_t stratum;
    if (!cut_last(&text, words + 1, table->ncolumns - 1) || text.n == 0) {
        return false;
    }
    words[0] = text;
    fw_clock_begin(ret, "peer");
    if (table->follows) {
        fw_clock_put(ret, "state", tally);
    }
    for (size_t i = 0; i < table->ncolumns; i++) {
        fw_clock_put(ret, table->columns[i], words[i]);
    }
    ret->server = fw_clock_get(ret, "remote");
    ret->chosen = fw_sv_is(tally, "*") || fw_sv_is(tally, "o");
    ret->has_offset = has_column(table, "offset") &&
                      fw_clock_number(fw_clock_get(ret, "offset"), 1e6, &ret->offset_ns);
    return !table->follows || (fw_sv_u32(fw_clock_get(ret, "st"), 16, &stratum) &&
                               is_octal(fw_clock_get(ret, "reach")));
}

/* "-387ns[ -451ns] +/- 2076ns" */
static bool put_sample(fw_sv text, struct fw_clock_record *ret)
{
    size_t open = fw_sv_find_char(text, '[');
    size_t end = fw_sv_find_char(text, ']');
    size_t error = fw_sv_find(text, FW_SV("+/-"));
    if (open >= text.n || end >= text.n || error >= text.n || open > end || end > error) {
        return false;
    }
    fw_sv adjusted = fw_sv_trim(fw_sv_sub(text, 0, open));
    fw_clock_put(ret, "offset", adjusted);
    fw_clock_put(ret, "measured", fw_sv_trim(fw_sv_sub(text, open + 1, end - open - 1)));
    fw_clock_put(ret, "error", fw_sv_trim(fw_sv_sub(text, error + 3, SIZE_MAX)));
    ret->has_offset = fw_clock_quantity(adjusted, &ret->offset_ns);
    return ret->has_offset;
}

static bool sources_row(fw_sv text, struct fw_clock_record *ret)
{
    static const char *const names[] = {"name", "stratum", "poll", "reach", "last_rx"};
    fw_sv rest = text;
    fw_sv word;
    if (text.n < 4 || !memchr("^=#", text.p[0], 3) || !memchr("*+-?x~", text.p[1], 6) ||
        text.p[2] != ' ') {
        return false;
    }
    fw_clock_begin(ret, "chronyc source");
    fw_clock_put(ret, "mode", fw_sv_sub(text, 0, 1));
    fw_clock_put(ret, "state", fw_sv_sub(text, 1, 1));
    rest = fw_sv_sub(rest, 3, SIZE_MAX);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!fw_sv_word(&rest, &word)) {
            return false;
        }
        fw_clock_put(ret, names[i], word);
    }
    ret->server = fw_clock_get(ret, "name");
    ret->chosen = text.p[1] == '*';
    return put_sample(fw_sv_trim(rest), ret);
}

static bool put_words(fw_sv text, const char *const *names, size_t n, struct fw_clock_record *ret)
{
    fw_sv words[WORDS];
    if (!cut_last(&text, words + 1, n - 1) || text.n == 0) {
        return false;
    }
    words[0] = text;
    for (size_t i = 0; i < n; i++) {
        fw_clock_put(ret, names[i], words[i]);
    }
    ret->server = fw_clock_get(ret, "name");
    return true;
}

static bool sourcestats_row(fw_sv text, struct fw_clock_record *ret)
{
    static const char *const names[] = {"name",          "np",       "nr",     "span",
                                        "frequency_ppm", "skew_ppm", "offset", "std_dev"};
    fw_clock_begin(ret, "chronyc sourcestats");
    if (!put_words(text, names, sizeof(names) / sizeof(names[0]), ret)) {
        return false;
    }
    ret->has_offset = fw_clock_quantity(fw_clock_get(ret, "offset"), &ret->offset_ns);
    return ret->has_offset;
}

static bool selectdata_row(fw_sv text, struct fw_clock_record *ret)
{
    static const char *const names[] = {"name",  "auth",  "configured", "effective", "last",
                                        "score", "lower", "upper",      "leap"};
    int64_t ns;
    if (text.n < 4 || text.p[1] != ' ') {
        return false;
    }
    fw_clock_begin(ret, "chronyc selectdata");
    fw_clock_put(ret, "state", fw_sv_sub(text, 0, 1));
    ret->chosen = text.p[0] == '*';
    return put_words(fw_sv_sub(text, 2, SIZE_MAX), names, sizeof(names) / sizeof(names[0]), ret) &&
           fw_clock_quantity(fw_clock_get(ret, "lower"), &ns);
}

bool fw_clock_table_row(struct fw_clock_capture *capture, fw_sv text, uint32_t line)
{
    struct fw_clock_record record;
    bool row = false;
    switch (capture->table.kind) {
    case FW_CLOCK_NO_TABLE:
        break;
    case FW_CLOCK_PEERS:
        row = peers_row(&capture->table, text, &record);
        break;
    case FW_CLOCK_SOURCES:
        row = sources_row(text, &record);
        break;
    case FW_CLOCK_SOURCESTATS:
        row = sourcestats_row(text, &record);
        break;
    case FW_CLOCK_SELECTDATA:
        row = selectdata_row(text, &record);
        break;
    }
    if (row) {
        take_row(capture, &record, text, line);
    }
    return row;
}
