/* The parts of the summary's codec. Private to it. */
#ifndef FW_ANALYZERS_SUMMARY_CODEC_IMPL_H
#define FW_ANALYZERS_SUMMARY_CODEC_IMPL_H

#include "analyzers/summary.h"
#include "analyzers/summary_bytes.h"

/* Serial numbers, sessions and losses of a source. */
void fw_codec_put_habits(struct fw_buf *out, const struct fw_summary_source *source);
void fw_codec_get_habits(struct fw_bytes_reader *r, struct fw_summary_source *source);
/* What runs backwards, steps of the clock, and name resolution of a part. */
void fw_codec_put_watch(struct fw_buf *out, const struct fw_summary_part *part);
void fw_codec_get_watch(struct fw_bytes_reader *r, struct fw_summary_part *part);

#endif
