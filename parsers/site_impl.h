/* What the files of the site file's reader share; nobody else includes this. Everything wrong is
 * reported through reader->file, which counts; reading goes on, so that one run names all. */
#ifndef FW_PARSERS_SITE_IMPL_H
#define FW_PARSERS_SITE_IMPL_H

#include "core/json.h"
#include "parsers/site.h"

struct fw_site_reader {
    struct fw_arena *arena;
    struct fw_jfile file;
    struct fw_site *site;
};

void fw_site_read_devices(struct fw_site_reader *reader, const struct fw_jvalue *array);
void fw_site_read_exceptions(struct fw_site_reader *reader, const struct fw_jvalue *waivers,
                             const struct fw_jvalue *not_applicable);
void fw_site_read_attestations(struct fw_site_reader *reader, const struct fw_jvalue *array);

/* Checks keys and types. False only for what is no object: wrong and missing keys are reported, but
 * the rest is read on, so that its mistakes are named in the same run. */
bool fw_site_object(struct fw_site_reader *reader, const struct fw_jvalue *value, const char *what,
                    const struct fw_jfield *fields);

/* Values. What is absent or of a wrong type (which fw_site_object reported) leaves *ret as it is.
 */
fw_sv fw_site_text(struct fw_site_reader *reader, const struct fw_jvalue *object, const char *key);
bool fw_site_time(struct fw_site_reader *reader, const struct fw_jvalue *object, const char *key,
                  int32_t zone_seconds, bool end_of_day, int64_t *ret_ns);
bool fw_site_zone(struct fw_site_reader *reader, const struct fw_jvalue *object, const char *key,
                  int32_t *ret_seconds);
/* A text, or a list of texts. */
const fw_sv *fw_site_texts(struct fw_site_reader *reader, const struct fw_jvalue *object,
                           const char *key, size_t *ret_n);
/* Index of the text in the names; `count` when there is none, which is reported. */
size_t fw_site_choice(struct fw_site_reader *reader, const struct fw_jvalue *value,
                      const char *const *names, size_t count);
/* A file that is named literally must be there: reports the nearest name in its folder. */
bool fw_site_exists(struct fw_site_reader *reader, const struct fw_jvalue *value);
/* Reports a text that no declared device has as its name. */
void fw_site_check_device(struct fw_site_reader *reader, const struct fw_jvalue *value);

#endif
