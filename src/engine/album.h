/* album.h — the styles that a user has kept, in the file that belongs to their model.
 * SPDX-License-Identifier: MIT
 *
 * "RUN/kept.json" for every checkpoint of a run; for a model that belongs to none
 * "$XDG_DATA_HOME/raqam/kept/CHECKSUM.json", by its generator's checksum. One JSON
 * object: "raqam" "kept", "version" 1, and "kept", an array of objects as in
 * style-record.h, each with "id", "name", "created" (Unix seconds) and "pixels" (base64
 * of 28 × 28 bytes, 255 is ink) besides.
 *
 * Any thread. Errors are RAQAM_ERROR_DATA or G_FILE_ERROR.
 */

#pragma once

#include "engine/style-record.h"

G_BEGIN_DECLS

#define RAQAM_ALBUM_MAX 10000

typedef struct
{
  char             *id;      /* unlike all others */
  char             *name;    /* for people */
  gint64            created; /* Unix seconds */
  RaqamStyleRecord *record;
  guint8            pixels[RAQAM_IMAGE_SIZE]; /* as it looked then; 255 is ink */
} RaqamKept;

/**
 * raqam_kept_new:
 * @record: (transfer full)
 * @pixels: (784)
 *
 * With an id of its own, created now.
 */
RaqamKept *raqam_kept_new  (RaqamStyleRecord *record, const char *name, const guint8 *pixels);
RaqamKept *raqam_kept_copy (const RaqamKept *self);
void       raqam_kept_free (RaqamKept *self);

/* Returns: (transfer full): where the album of @model is; may read all its weights */
char *raqam_album_path (const RaqamModel *model);

/**
 * raqam_album_load:
 * @moved: (out) (nullable): where a damaged file has been moved to, "PATH.damaged" or
 *   "PATH.damaged-2", …; else NULL
 * @path: where there is no file the album is empty
 * @latent: length of the model's latent vectors, which all of them must have
 *
 * A file that is not an album, or one that is damaged, is moved out of the way, so that
 * nothing is ever written over it; so @error says what was wrong with it, and an empty
 * album may take its place. With @error set and @moved NULL the file can't be read or
 * is a later version's, and must be left alone.
 *
 * Returns: (transfer full) (element-type RaqamKept): NULL with @error set
 */
GPtrArray *raqam_album_load (char **moved, const char *path, int latent, GError **error);

/* Returns: (transfer full): the album's text */
char *raqam_album_to_json (RaqamKept *const *kept, gsize n, const char *program);

/**
 * raqam_album_make_folder:
 * @path: of raqam_album_path()
 *
 * Makes the folder that the album is to lie in, where need be; but never a run's: a run
 * whose folder is gone was deleted, and half a one would stand in the way of its return.
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_album_make_folder (const char *path, GError **error);

/**
 * raqam_album_write:
 * @text: of raqam_album_to_json()
 *
 * The folder is made as raqam_album_make_folder() does; the file is replaced as
 * raqam_file_replace() does, so that of two programs the last one's album is there, whole.
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_album_write (const char *path, const char *text, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamKept, raqam_kept_free)

G_END_DECLS
