/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The tables of the three files of a profile's folder: `cache.db` (what the server also holds),
 * `outbox.db` (what only this computer knows) and `search.db` (made from the cache). */
#define GUICHE_CACHE_VERSION 1
#define GUICHE_OUTBOX_VERSION 1
#define GUICHE_SEARCH_VERSION 1

extern const char guiche_cache_schema[];
extern const char guiche_outbox_schema[];
extern const char guiche_search_schema[];
