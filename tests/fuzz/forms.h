/* What people hand in and what lies in a pack's sign-off: hostile as well, and in no registry. */
#ifndef FW_TESTS_FUZZ_FORMS_H
#define FW_TESTS_FUZZ_FORMS_H

#include <stddef.h>

#include "core/sv.h"

struct fuzz_form {
    const char *name; /* and folder of its examples, in fixtures/forms */
    void (*run)(fw_sv bytes);
};

extern const struct fuzz_form fuzz_forms[]; /* ends with NULL */
/* NULL: none of this name. */
const struct fuzz_form *fuzz_form_find(const char *name);
/* With the bytes in memory of exactly their size. */
void fuzz_form_one(const struct fuzz_form *form, fw_sv bytes);

#endif
