/* directions-book.h — the names that a user has given to directions, and those kept.
 * SPDX-License-Identifier: MIT
 *
 * The user's data, not cache: one file for all models, $XDG_DATA_HOME/raqam/directions.json,
 *
 *   {"raqam": "directions", "version": 1, "directions": [
 *     {"name": "Hook", "digit": 3, "vector": [0.1, …]},
 *     {"name": "Mine", "vector": [0.2, …]}]}
 *
 * A name belongs to a vector of one digit, and goes to whatever direction of this
 * digit points nearly the same way, or the opposite one: so it stays while a model trains,
 * though that is a new model twice a second. What has no digit is kept: a direction
 * for every digit and every model of this latent length.
 *
 * Main thread.
 */

#pragma once

#include <glib.h>

#include "engine/recipe.h"

G_BEGIN_DECLS

/* From this cosine on two directions are the same one. */
#define RAQAM_DIRECTION_SAME 0.9

#define RAQAM_DIRECTION_EVERY_DIGIT -1

typedef struct
{
  char  *name;   /* not empty */
  int    digit;  /* 0 to 9, or RAQAM_DIRECTION_EVERY_DIGIT where it is kept */
  int    latent; /* 1 to RAQAM_MAX_LATENT */
  float *vector; /* (latent), of length 1 */
} RaqamNamedDirection;

typedef struct _RaqamDirectionsBook RaqamDirectionsBook;

/* Returns: (transfer full): an empty one */
RaqamDirectionsBook *raqam_directions_book_new  (void);
void                 raqam_directions_book_free (RaqamDirectionsBook *self);

/* Returns: (transfer full): where the user's is */
char *raqam_directions_book_path (void);

/**
 * raqam_directions_book_load:
 * @path: a file that is not there is an empty book
 *
 * Takes what the file says in place of all that is in it. A damaged file is set aside
 * by raqam_set_aside(). Any other that could not be read, as a later version's, is left
 * alone, and raqam_directions_book_save() does not write over it.
 *
 * Returns: FALSE with RAQAM_ERROR_DATA, RAQAM_ERROR_RUN where a later version has written
 *   it, or a G_FILE_ERROR; the book is then empty
 */
gboolean raqam_directions_book_load (RaqamDirectionsBook *self, const char *path, GError **error);

/* Makes the folder where it is not there. FALSE with a G_FILE_ERROR, G_FILE_ERROR_EXIST
 * where a file that could not be read is still in the way. */
gboolean raqam_directions_book_save (const RaqamDirectionsBook *self, const char *path,
                                     GError **error);

/**
 * raqam_directions_book_find:
 * @digit: 0 to 9, or RAQAM_DIRECTION_EVERY_DIGIT to look among those kept
 * @vector: (@latent), of length 1
 *
 * Returns: (transfer none) (nullable): the nearest of that digit that is the same, until the
 *   book is changed
 */
const RaqamNamedDirection *raqam_directions_book_find (const RaqamDirectionsBook *self, int digit,
                                                       int latent, const float *vector);

/* Gives @vector a name in place of the one it had; @name NULL or empty takes it away. */
void raqam_directions_book_set (RaqamDirectionsBook *self, int digit, int latent,
                                const float *vector, const char *name);

/* Returns: (transfer none) (nullable): the n-th kept one of this length, from 0 */
const RaqamNamedDirection *raqam_directions_book_get_kept (const RaqamDirectionsBook *self,
                                                           int latent, guint n);

/* Returns: the cosine of two vectors of length 1 */
double raqam_direction_cosine (const float *a, const float *b, int latent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamDirectionsBook, raqam_directions_book_free)

G_END_DECLS
