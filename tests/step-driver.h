/* step-driver.h — one training step over a backend's table.
 * SPDX-License-Identifier: MIT
 *
 * The step of fixtures/make-step.py, with the same inputs. It owes nothing to
 * the engine's trainer: a device is tested by it, not the trainer.
 */

#pragma once

#include "test-device.h"

G_BEGIN_DECLS

#define STEP_BATCH 8

/**
 * StepReport:
 * @name: of a result, as in the fixture: "g.1.weight.gradient"
 * @x: (@n)
 */
typedef void (*StepReport) (const char *name, const double *x, gsize n, gpointer user_data);

/* Returns: the seed of the fixture of @recipe, "thesis" or "fast" */
guint64 step_seed (const char *recipe);

/* Runs the step on @device and hands every result to @report. */
void step_run (TestDevice *device, const char *recipe, StepReport report, gpointer user_data);

G_END_DECLS
