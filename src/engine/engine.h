/* engine.h — the engine's public face: training and exploring on its own threads.
 * SPDX-License-Identifier: MIT
 *
 * Everything here is called on the main context that made the engine, returns
 * at once, and answers by a signal on the same context. The trainer and the
 * explorer each have a thread; commands go down a queue, reports come up
 * through one wake-up source. A report still waiting is replaced by a newer
 * one of its kind; points, results and errors never are.
 */

#pragma once

#include <gio/gio.h>

#include "engine/backend.h"
#include "engine/model.h"
#include "engine/point.h"
#include "engine/recipe.h"
#include "engine/report.h"
#include "engine/settings.h"
#include "engine/style.h"

G_BEGIN_DECLS

typedef enum
{
  RAQAM_STATE_IDLE,    /* nothing has been started, or the last run has ended */
  RAQAM_STATE_LOADING, /* reads data, makes the plans */
  RAQAM_STATE_TRAINING,
  RAQAM_STATE_PAUSED,
  RAQAM_STATE_STOPPING, /* writes the last checkpoint */
} RaqamState;

/* The explorer's models. */
typedef enum
{
  RAQAM_STAGE_MAIN,   /* the one that is explored */
  RAQAM_STAGE_BESIDE, /* another, to compare it with */
  RAQAM_N_STAGES
} RaqamStage;

#define RAQAM_ENGINE_SLOTS 16
#define RAQAM_ENGINE_FIRST_SLOTS 2 /* those below it go before all others */
#define RAQAM_ENGINE_MAX_IMAGES 100 /* in one request */

#define RAQAM_TYPE_ENGINE (raqam_engine_get_type ())
G_DECLARE_FINAL_TYPE (RaqamEngine, raqam_engine, RAQAM, ENGINE, GObject)

/**
 * RaqamEngine:
 *
 * Property "state" (RaqamState as int, read-only, notifies).
 *
 * Signals, with their C handlers:
 * "progress": void (RaqamEngine *, const RaqamProgress *, gpointer)
 * "points":   void (RaqamEngine *, const RaqamPoint *, guint n, gpointer); in order,
 *             each once; a resumed run first brings those of its past
 * "samples":  void (RaqamEngine *, const RaqamSamples *, gpointer)
 * "saved":    void (RaqamEngine *, const char *checkpoint_path, gpointer)
 * "ended":    void (RaqamEngine *, gboolean finished, const GError *error_or_null, gpointer):
 *             the run is over: finished, stopped (neither), or failed
 * "model":    void (RaqamEngine *, RaqamModel *model_or_null, const GError *error_or_null, gpointer):
 *             the explorer has a new model, or could not load the one that was asked for
 * "beside":   void (RaqamEngine *, RaqamModel *model_or_null, const GError *error_or_null, gpointer):
 *             the same of the second model; with neither there is none any more
 * "drawn":    void (RaqamEngine *, guint slot, GBytes *pixels, gpointer): uint8,
 *             n × 784, 255 is ink, as raqam_generator_clear_paper() leaves it
 * "failed":   void (RaqamEngine *, const GError *error, gpointer): the explorer could not
 *             draw; as for a GPU that fails see raqam_engine_explore_on()
 * "notice":   void (RaqamEngine *, const GError *error, gpointer): training goes on, but a
 *             checkpoint could not be written, which is tried again within a
 *             minute; or the newest one was damaged and a resumed run goes on
 *             from the one before; or the GPU could not be used and "auto" goes
 *             on with the CPU
 */
RaqamEngine *raqam_engine_new       (void);
RaqamState   raqam_engine_get_state (RaqamEngine *self);

/**
 * raqam_engine_train:
 *
 * Starts a run in the trainer's thread; only when the state is IDLE. What is
 * wrong with @settings, the data or the device comes by "ended". At the end of
 * an epoch, where that does not hold the training up, and at least every minute a
 * checkpoint is written. A device that fails in mid-run ends the run with
 * RAQAM_ERROR_DEVICE or RAQAM_ERROR_MEMORY; it can be resumed on another one.
 */
void raqam_engine_train  (RaqamEngine *self, const RaqamTrainSettings *settings);
void raqam_engine_pause  (RaqamEngine *self); /* after the step in hand, with a checkpoint */
void raqam_engine_resume (RaqamEngine *self); /* after raqam_engine_pause() */
void raqam_engine_stop   (RaqamEngine *self); /* after the step in hand, with a checkpoint */

/**
 * raqam_engine_follow:
 * @follow: whether the explorer takes each new state of the generator that is
 *   training now (about twice a second), told by "model"
 */
void raqam_engine_follow (RaqamEngine *self, gboolean follow);

/**
 * raqam_engine_open_model:
 * @path: as raqam_model_load(); read in the explorer's thread, told by "model"
 */
void raqam_engine_open_model (RaqamEngine *self, const char *path);

/**
 * raqam_engine_open_beside:
 * @path: (nullable): as raqam_model_load(); NULL for none
 *
 * A second model for the explorer, told by "beside".
 */
void raqam_engine_open_beside (RaqamEngine *self, const char *path);

/**
 * raqam_engine_draw:
 * @stage: which model draws
 * @slot: below RAQAM_ENGINE_SLOTS; a request still waiting in the same slot is
 *   replaced by this one, one of which pictures have been drawn is finished first.
 *   Slots below RAQAM_ENGINE_FIRST_SLOTS go first, the lower before the higher, and
 *   interrupt others between two pictures (on a GPU, ten); the others take turns
 * @styles: (n), all with the same latent. Each other pair of digits that is mixed
 *   costs the time of a few pictures. A request whose latent is not that of the model
 *   by the time it is its turn is dropped; one that the model changes under is drawn anew
 * @n: 1 to RAQAM_ENGINE_MAX_IMAGES
 *
 * Asks for pictures; told by "drawn". All is copied.
 */
void raqam_engine_draw (RaqamEngine *self, RaqamStage stage, guint slot, const RaqamStyle *styles,
                        guint n);

/**
 * raqam_engine_explore_on:
 * @device: "auto", "cpu" or "cuda"
 *
 * What the explorer draws on; "cpu" until this is called. A GPU is opened when
 * nothing has been asked for a while, and the CPU draws until then. When it
 * fails, "failed" tells it: with "auto" the CPU draws on by itself, with "cuda"
 * nothing is drawn until another device is named.
 */
void raqam_engine_explore_on (RaqamEngine *self, const char *device);

/**
 * raqam_engine_close:
 *
 * Stops a run that is going on, with a checkpoint, and joins the threads: the
 * one call that blocks, for the end of the program. Disposing does the same.
 */
void raqam_engine_close (RaqamEngine *self);

G_END_DECLS
