/* Which lines of a JSON configuration are used, ignored, unsupported. */
#include "parsers/jsonlines.h"

static uint32_t last_line(const struct fw_doc *doc, const struct fw_jvalue *value)
{
    uint64_t length = value->span.length > 0 ? value->span.length - 1 : 0;
    return fw_doc_line_of(doc, value->span.offset + length);
}

static uint32_t first_line(const struct fw_jvalue *value)
{
    return value->key_span.line > 0 ? value->key_span.line : value->span.line;
}

const struct fw_jvalue *fw_jlines_parse(struct fw_doc *doc)
{
    const struct fw_jvalue *root = fw_json_parse(&doc->arena, doc->text, doc->path, doc->diags,
                                                 FW_DIAG_ID_BAD_VALUE);
    if (!root) {
        fw_doc_mark_range(doc, 1, doc->nlines, FW_LINE_BAD);
    }
    return root;
}

void fw_jlines_mark(struct fw_doc *doc, const struct fw_jvalue *value, enum fw_line_verdict verdict)
{
    fw_doc_mark_range(doc, first_line(value), last_line(doc, value), verdict);
}

void fw_jlines_bad(struct fw_doc *doc, const struct fw_jvalue *value, const char *expected)
{
    fw_doc_bad(doc, value->span.line, fw_jlines_raw(doc, value), "expected %s", expected);
}

bool fw_jlines_keys(struct fw_doc *doc, const struct fw_jvalue *object, const struct fw_known *keys)
{
    bool unknown = false;
    if (object->type != FW_JSON_OBJECT) {
        fw_jlines_bad(doc, object, "an object");
        return true;
    }
    fw_doc_mark(doc, object->span.line, FW_LINE_USED);
    fw_doc_mark(doc, last_line(doc, object), FW_LINE_USED);
    for (size_t i = 0; i < object->count; i++) {
        const struct fw_jvalue *item = &object->items[i];
        const struct fw_known *row = fw_known_find(keys, item->key);
        bool leaf = item->type != FW_JSON_OBJECT;
        if (!row) {
            unknown = true;
            fw_jlines_mark(doc, item, FW_LINE_UNSUPPORTED);
            fw_doc_unsupported(doc, first_line(item), item->key, "nothing here knows \"%.*s\"",
                               FW_SV_ARG(item->key));
        } else if (row->why) {
            fw_jlines_mark(doc, item, FW_LINE_IGNORED);
        } else if (leaf && !(item->type == FW_JSON_ARRAY && item->count > 0 &&
                             item->items[0].type == FW_JSON_OBJECT)) {
            fw_jlines_mark(doc, item, FW_LINE_USED);
        } else { /* what is in it has keys of its own */
            fw_doc_mark(doc, first_line(item), FW_LINE_USED);
            fw_doc_mark(doc, last_line(doc, item), FW_LINE_USED);
        }
    }
    return unknown;
}

void fw_jlines_finish(struct fw_doc *doc)
{
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        bool blank = true;
        for (size_t i = 0; i < text.n; i++) {
            char c = text.p[i];
            blank = blank && (fw_is_blank(c) || c == '\r' || c == '{' || c == '}' || c == '[' ||
                              c == ']' || c == ',');
        }
        if (doc->verdicts[line - 1] == FW_LINE_NONE) {
            bool comment = fw_sv_starts(fw_sv_trim(text), "//");
            fw_doc_mark(doc, line, blank || comment ? FW_LINE_IGNORED : FW_LINE_BAD);
        }
    }
}

fw_sv fw_jlines_value(const struct fw_jvalue *value)
{
    bool text = value && (value->type == FW_JSON_STRING || value->type == FW_JSON_NUMBER);
    return text ? value->text : (fw_sv){0};
}

fw_sv fw_jlines_text(const struct fw_jvalue *object, const char *key)
{
    return fw_jlines_value(fw_json_find(object, key));
}

fw_sv fw_jlines_raw(const struct fw_doc *doc, const struct fw_jvalue *value)
{
    return fw_sv_sub(doc->text, (size_t)value->span.offset, value->span.length);
}

const struct fw_jvalue *fw_jlines_array(const struct fw_jvalue *object, const char *key)
{
    const struct fw_jvalue *v = fw_json_find(object, key);
    return v && v->type == FW_JSON_ARRAY ? v : NULL;
}
