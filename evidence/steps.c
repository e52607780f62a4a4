/* What did a verification look at? */
#include "evidence/steps.h"

#include "core/buf.h"
#include "core/text.h"

const char *fw_step_name(enum fw_step_id id)
{
#define FW_STEP(name, id, what) id,
    static const char *const names[FW_STEP_ID_COUNT] = {FW_STEPS(FW_STEP)};
#undef FW_STEP
    return names[id];
}

const char *fw_step_what(enum fw_step_id id)
{
#define FW_STEP(name, id, what) what,
    static const char *const whats[FW_STEP_ID_COUNT] = {FW_STEPS(FW_STEP)};
#undef FW_STEP
    return whats[id];
}

const char *fw_step_state_name(enum fw_step_state state)
{
    static const char *const names[FW_STEP_COUNT] = {"ok", "note", "failed", "not checked"};
    return names[state];
}

bool fw_steps_add(struct fw_steps *steps, enum fw_step_id id, enum fw_step_state state,
                  const char *fmt, ...)
{
    struct fw_buf safe;
    va_list ap;
    va_start(ap, fmt);
    fw_sv message = fw_arena_vprintf(steps->arena, fmt, ap);
    va_end(ap);
    fw_buf_init(&safe);
    fw_text_safe(&safe, message);
    steps->v = fw_arena_push(steps->arena, steps->v, steps->n, sizeof(*steps->v));
    steps->v[steps->n++] = (struct fw_step){
        .id = id,
        .state = state,
        .pack = steps->pack,
        .message = fw_arena_copy(steps->arena, fw_buf_sv(&safe)),
    };
    steps->failed += state == FW_STEP_FAIL;
    fw_buf_clear(&safe);
    return state != FW_STEP_FAIL;
}

const struct fw_step *fw_steps_failure(const struct fw_steps *steps)
{
    for (size_t i = 0; i < steps->n; i++) {
        if (steps->v[i].state == FW_STEP_FAIL) {
            return &steps->v[i];
        }
    }
    return NULL;
}
