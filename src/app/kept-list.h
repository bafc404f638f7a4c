/* kept-list.h — the pictures that are kept for the present model: read, changed, saved.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "app/kept-item.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_KEPT_LIST (raqam_kept_list_get_type ())
G_DECLARE_FINAL_TYPE (RaqamKeptList, raqam_kept_list, RAQAM, KEPT_LIST, GObject)

/**
 * RaqamKeptList:
 *
 * A GListModel of RaqamKeptItem, in the user's order; empty until its album has been
 * read. Each change is written at once, in a thread; disposing waits for it. Main thread.
 *
 * Where another program has changed the same album meanwhile both are written: what it
 * has kept or named comes into the list too, behind what is there, and what it has
 * deleted stays, so that nothing is lost.
 *
 * Property "path" (string, read-only, notifies): the album's file; NULL while there is none.
 *
 * Signal "problem": void (RaqamKeptList *, const char *message, gpointer): the album could
 * not be read or written, or was damaged and has been moved aside
 */
RaqamKeptList *raqam_kept_list_new (void);

/* Goes to the album of @model, which may be the one that is there already; read in a
 * thread, until which the pictures of the model before are there. */
void raqam_kept_list_set_model (RaqamKeptList *self, RaqamModel *model);

/**
 * raqam_kept_list_insert:
 * @position: from 0; at the end where it is beyond it
 *
 * Returns: FALSE where there is no album to be written to: none has been read yet, it
 *   could not be, or it is full
 */
gboolean raqam_kept_list_insert (RaqamKeptList *self, guint position, RaqamKeptItem *item);

/* The item that was at @from is then at @to. */
void raqam_kept_list_move   (RaqamKeptList *self, guint from, guint to);
void raqam_kept_list_remove (RaqamKeptList *self, guint position);
void raqam_kept_list_rename (RaqamKeptList *self, guint position, const char *name);

/* Returns: whether @position was set to where @item is */
gboolean raqam_kept_list_find (RaqamKeptList *self, RaqamKeptItem *item, guint *position);

G_END_DECLS
