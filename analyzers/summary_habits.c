/* What do serial numbers, sessions and the logging's own complaints say of what is missing? */
#include "analyzers/summary_impl.h"
#include "parsers/logloss.h"

/* A smaller number is a late line when it is near, a new count when it is far below. */
static void count_serial(struct fw_serial_summary *serial, uint64_t n, struct fw_place at)
{
    enum { NEAR = 1000 };
    if (serial->present++ == 0) {
        serial->first = n;
        serial->last = n;
        serial->min = n;
        serial->max = n;
        return;
    }
    uint64_t before = serial->missing + serial->repeated;
    if (n == serial->last) {
        serial->repeated++;
    } else if (n > serial->last) {
        serial->missing += n - serial->last - 1;
        serial->last = n;
    } else if (serial->last - n < NEAR) {
        serial->missing -= serial->missing > 0;
    } else {
        serial->restarted++;
        serial->last = n;
    }
    bool hole = serial->missing + serial->repeated > before;
    serial->hole = hole && serial->hole.line == 0 ? at : serial->hole;
    serial->min = n < serial->min ? n : serial->min;
    serial->max = n > serial->max ? n : serial->max;
}

static void count_sessions(struct fw_session_summary *sessions, const struct fw_event *ev)
{
    bool denied = fw_event_has(ev, FW_EV_outcome) && fw_sv_is(ev->outcome, "failure");
    sessions->started += ev->starts;
    sessions->ended += ev->ends;
    sessions->timed += !ev->starts && !ev->ends && !denied &&
                       (fw_event_has(ev, FW_EV_duration) || fw_event_has(ev, FW_EV_end));
}

static void count_loss(struct fw_making *making, struct fw_loss_summary *loss,
                       const struct fw_logline *line)
{
    uint64_t lost = 0;
    switch (fw_logloss_read(line, &lost)) {
    case FW_LOGLOSS_NONE:
        return;
    case FW_LOGLOSS_SYSTEM:
        break;
    case FW_LOGLOSS_LOST:
        if (loss->messages++ == 0) {
            loss->first = fw_making_text(making, line->text, FW_SUMMARY_TEXT);
            loss->first_at = (struct fw_place){line->number, line->offset};
        }
        loss->lost += lost > UINT64_MAX - loss->lost ? 0 : lost;
        break;
    }
    loss->lines++;
}

void fw_source_habits(struct fw_making *making, struct fw_summary_source *source,
                      const struct fw_logline *line)
{
    const struct fw_event *ev = &line->event;
    struct fw_place at = {line->number, line->offset};
    bool known = line->parser && line->verdict != FW_LINE_BAD;
    if (known && fw_event_has(ev, FW_EV_serial) && ev->stream < FW_SERIAL_STREAMS) {
        count_serial(&source->serials[ev->stream], ev->serial, at);
    }
    if (known && line->verdict == FW_LINE_USED && ev->traffic) {
        count_sessions(&source->sessions, ev);
    } else {
        count_loss(making, &source->loss, line);
    }
}
