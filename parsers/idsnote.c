/* What do the comments of a tuning entry say? */
#include "parsers/idsnote.h"

/* Far more than anybody writes beside one entry. */
enum { NOTE_BYTES = 4096 };

void fw_idsnotes_init(struct fw_idsnotes *notes, struct fw_doc *doc)
{
    *notes = (struct fw_idsnotes){.doc = doc};
}

static fw_sv join(struct fw_arena *arena, fw_sv a, fw_sv b)
{
    if (a.n == 0 || b.n == 0 || a.n + b.n > NOTE_BYTES) {
        return a.n == 0 ? b : a;
    }
    char *out = fw_arena_alloc(arena, a.n + b.n + 2);
    memcpy(out, a.p, a.n);
    memcpy(out + a.n, "; ", 2);
    memcpy(out + a.n + 2, b.p, b.n);
    return fw_sv_of(out, a.n + b.n + 2);
}

static bool is_frame(fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!memchr(" \t#-=*", text.p[i], 6)) {
            return false;
        }
    }
    return true;
}

void fw_idsnotes_comment(struct fw_idsnotes *notes, fw_sv text)
{
    text = fw_sv_trim(text);
    if (!is_frame(text)) {
        notes->above = join(&notes->doc->arena, notes->above, fw_sv_sub(text, 0, NOTE_BYTES));
    }
}

void fw_idsnotes_forget(struct fw_idsnotes *notes)
{
    notes->above = (fw_sv){0};
}

/* The end of the next part: at ';' or its full-width sister, whose length differs. */
static fw_sv cut(fw_sv *rest, const char *ascii, const char *wide)
{
    size_t a = fw_sv_find(*rest, fw_sv_from(ascii));
    size_t w = fw_sv_find(*rest, fw_sv_from(wide));
    size_t at = a < w ? a : w;
    fw_sv part = fw_sv_sub(*rest, 0, at);
    size_t skip = at == SIZE_MAX ? rest->n : at + strlen(a < w ? ascii : wide);
    *rest = fw_sv_sub(*rest, skip, SIZE_MAX);
    return fw_sv_trim(part);
}

static fw_sv *member(struct fw_tuning_note *note, fw_sv key)
{
    const struct {
        const char *word;
        fw_sv *to;
    } keys[] = {
        {"author", &note->author},       {"by", &note->author},        {"date", &note->date},
        {"reason", &note->reason},       {"理由", &note->reason},      {"日期", &note->date},
        {"review-by", &note->review_by}, {"ticket", &note->ticket},    {"核准人", &note->author},
        {"單號", &note->ticket},         {"複查日", &note->review_by},
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (fw_sv_is_nocase(key, keys[i].word)) {
            return keys[i].to;
        }
    }
    return NULL;
}

static void read_date(struct fw_doc *doc, fw_sv text, uint32_t line, struct fw_date *ret)
{
    int64_t ns;
    if (text.n == 0) {
        return;
    }
    if (fw_time_parse(text, 0, false, &ns)) {
        *ret = fw_date_of(ns, 0);
    } else if (line > 0) {
        fw_doc_warn(
            doc, FW_DIAG_ID_BAD_VALUE, line, text,
            "expected a date like 2026-01-31 in the comment of a tuning entry, found \"%.*s\"",
            FW_SV_ARG(fw_sv_sub(text, 0, 40)));
    }
}

/* Reads the pairs of a comment. Dates that are none are reported at `line` (0: not). */
static struct fw_tuning_note read_note(struct fw_doc *doc, fw_sv text, uint32_t line)
{
    struct fw_tuning_note note = {.text = text};
    for (fw_sv rest = text; rest.n > 0;) {
        fw_sv value = cut(&rest, ";", "；");
        fw_sv key = cut(&value, ":", "：");
        fw_sv *to = member(&note, key);
        value = fw_sv_trim(value);
        if (to && to->n == 0 && value.n > 0) {
            *to = value;
        }
    }
    read_date(doc, note.date, line, &note.dated);
    read_date(doc, note.review_by, line, &note.due);
    return note;
}

struct fw_tuning_note fw_idsnotes_take(struct fw_idsnotes *notes, fw_sv behind, uint32_t line)
{
    behind = fw_sv_sub(fw_sv_trim(behind), 0, NOTE_BYTES);
    fw_sv text = join(&notes->doc->arena, behind, notes->above);
    fw_idsnotes_forget(notes);
    return read_note(notes->doc, text, line);
}
