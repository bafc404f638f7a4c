/* explorer.h — draws digits on a thread of its own, the newest wish first.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/engine.h"
#include "engine/mailbox.h"

G_BEGIN_DECLS

typedef struct _RaqamExplorer RaqamExplorer;

/* What the explorer posts: reports, with their classes made by the engine. */
typedef struct
{
  guint   slot;
  GBytes *pixels; /* uint8 (n, 784) */
} RaqamDrawing;

typedef struct
{
  RaqamModel *model; /* or NULL */
  GError     *error; /* or NULL */
} RaqamModelReport;

typedef struct
{
  const RaqamReportClass *drawing; /* RaqamDrawing, key: the slot */
  const RaqamReportClass *model;   /* RaqamModelReport */
  const RaqamReportClass *beside;  /* the same, of the second model */
  const RaqamReportClass *failure; /* GError */
} RaqamExplorerReports;

void raqam_drawing_free      (gpointer drawing);
void raqam_model_report_free (gpointer report);

/**
 * raqam_explorer_new:
 * @mailbox: a reference is taken
 * @reports: static
 *
 * Returns: (transfer full): its thread is running
 */
RaqamExplorer *raqam_explorer_new  (RaqamMailbox *mailbox, const RaqamExplorerReports *reports);

/* Joins the thread after the picture in hand. */
void           raqam_explorer_free (RaqamExplorer *self);

/* The rest return at once; main thread. The newest model asked for wins. */
void raqam_explorer_take_model (RaqamExplorer *self, RaqamModel *model);
void raqam_explorer_open_model (RaqamExplorer *self, const char *path);
/* @device: as raqam_engine_explore_on(); "cpu" until it is called */
void raqam_explorer_set_device (RaqamExplorer *self, const char *device);
/* @path: (nullable) */
void raqam_explorer_open_beside (RaqamExplorer *self, const char *path);
void raqam_explorer_draw        (RaqamExplorer *self, RaqamStage stage, guint slot,
                                 const RaqamStyle *styles, guint n);

G_END_DECLS
