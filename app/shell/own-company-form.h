/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Name and password for the company of one's own on this computer; signal `confirmed` (). */
#define GUICHE_TYPE_OWN_COMPANY_FORM (guiche_own_company_form_get_type ())
G_DECLARE_FINAL_TYPE (GuicheOwnCompanyForm,
                      guiche_own_company_form,
                      GUICHE,
                      OWN_COMPANY_FORM,
                      AdwBin)

const char *guiche_own_company_form_get_name (GuicheOwnCompanyForm *self);
const char *guiche_own_company_form_get_password (GuicheOwnCompanyForm *self);
void guiche_own_company_form_set_problem (GuicheOwnCompanyForm *self,
                                          const char *problem); /* (nullable) */

G_END_DECLS
