# SPDX-License-Identifier: GPL-3.0-or-later
"""guichectl boleto, document, charges: the conformance data through the commands that scripts use."""

import csv
import json
import os
import subprocess
import unittest

PROGRAM = os.environ["GUICHECTL"]
DATA = os.path.join(__file__.rsplit("/tests/", 1)[0], "tests/backend/banking/data")


def rows(name):
    with open(os.path.join(DATA, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return json.load(file)


def run(*arguments, data=b"", status=0):
    result = subprocess.run([PROGRAM] + list(arguments), input=data, capture_output=True, timeout=120)
    assert result.returncode == status, (arguments, result.returncode, result.stderr)
    return result.stdout


def run_lines(*arguments, lines):
    text = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
    return [json.loads(line) for line in run(*arguments, data=text.encode()).decode().splitlines()]


class Banking(unittest.TestCase):
    def test_boleto(self):
        for bank in ("bb", "inter", "sicoob"):
            titles = rows("linha_digitavel/%s.csv" % bank)
            encoded = run_lines("boleto", "encode", lines=titles)
            by_line = run_lines("boleto", "decode", lines=[{"linha_digitavel": t["linha_digitavel"], "hoje": t["vencimento"]} for t in titles])
            by_bars = run_lines("boleto", "decode", lines=[{"codigo_barras": t["codigo_barras"], "hoje": t["vencimento"]} for t in titles])
            for title, made, line, bars in zip(titles, encoded, by_line, by_bars, strict=True):
                for name in ("nosso_numero", "nosso_numero_dv", "campo_livre", "codigo_barras", "linha_digitavel"):
                    self.assertEqual(made[name], title[name], title["id"])
                for name in ("banco", "vencimento", "campo_livre", "codigo_barras", "linha_digitavel"):
                    self.assertEqual(line[name], title[name], title["id"])
                self.assertEqual(line["valor_centavos"], int(title["valor_centavos"]))
                self.assertEqual(bars, line)

    def test_a_bad_line_stands_in_its_place(self):
        good = {"linha_digitavel": "75691.42776 01006.152605 00000.170076 5 10000000000001", "hoje": "2000-07-03"}
        answers = run_lines("boleto", "decode", lines=[good, "{nonsense\n", dict(good, hoje="2033-08-01"), {"linha_digitavel": 8467.5},
                                                       {"codigo_barras": "8" * 44}, {}, good])
        self.assertEqual([a.get("error", {}).get("code") for a in answers],
                         [None, "invalid-json", "due-factor", "type", "arrecadacao", "required", None])
        self.assertEqual([a.get("error", {}).get("field") for a in answers],
                         [None, None, "linha_digitavel", "linha_digitavel", "codigo_barras", "linha_digitavel", None])
        self.assertEqual(answers[0], answers[-1])

    def test_documents(self):
        cases = rows("documents/cpf_cnpj.csv")
        for case, answer in zip(cases, run_lines("document", "check", lines=cases), strict=True):
            self.assertEqual(answer["valido"], case["valido"] == "1", case)
            self.assertEqual(answer["formatado"] is not None, answer["valido"])

    def test_charges(self):
        cases = document("reconciliation/encargos.json")["casos"]
        path = os.path.join(DATA, "reconciliation/encargos.json")
        expected = [{"id": case["id"], "esperado": case["esperado"]} for case in cases]
        self.assertEqual(json.loads(run("charges", "compute", path))["casos"], expected)
        with open(path, "rb") as file:
            self.assertEqual(json.loads(run("charges", "compute", data=file.read()))["casos"], expected)
        self.assertEqual(run_lines("charges", "compute", lines=[case["entrada"] for case in cases]), [case["esperado"] for case in cases])
        bad = run_lines("charges", "compute", lines=[{"v": 1, "venc": "2026-02-30"}, {"v": 1, "venc": "2026-02-20", "pag": "2026-03-01", "multa": ["x", 1]}])
        self.assertEqual([b["error"]["field"] for b in bad], ["venc", "multa"])

    def test_cnab(self):
        names = sorted(os.listdir(os.path.join(DATA, "expected")))
        self.assertEqual(len(names), 29)
        for name in names:
            expected = document("expected/" + name)
            path = os.path.join(DATA, expected["arquivo"])
            text = run("cnab", "read", path)
            found = json.loads(text)
            for member, value in expected.items():
                if member not in ("arquivo", "origem", "nota", "larguras_originais"):
                    self.assertEqual(found[member], value, (name, member))
            with open(path, "rb") as file:
                original = file.read()
            self.assertEqual(run("cnab", "write", data=text), original, name)
            self.assertEqual(json.loads(run("cnab", "read", "-", data=original))["titulos"], expected["titulos"])

    def test_cnab_refusals(self):
        path = os.path.join(DATA, "inter/retorno/MALFORMED_inter400_401cols.ret")
        answer = json.loads(run("cnab", "read", path, status=1))["error"]
        self.assertEqual((answer["code"], answer["line"], answer["column"]), ("width", 2, 401))
        self.assertEqual(json.loads(run("cnab", "read", "-", status=1))["error"]["code"], "cut")
        with open(os.path.join(DATA, "bb/remessa/bb240_laravel.rem"), "rb") as file:
            text = file.read().replace(b"\r\n", b"\n") + b"\x1a"
        run("cnab", "read", "-", data=text, status=1)
        run("cnab", "read", "-", "--lenient", "lf", data=text, status=1)
        run("cnab", "read", "-", "--lenient", "lf,1a", data=text)
        run("cnab", "read", "-", "--lenient", "nonsense", data=text, status=1)

    def test_cnab_changed_and_new(self):
        """A member that is changed moves its own columns only; without the lines a file is made that reads the same."""
        for name in ("sicoob__remessa__sicoob240_laravel.rem", "bb__remessa__bb240_laravel.rem", "sicoob__remessa__sicoob400_laravel.rem",
                     "bb__retorno__bb400_conv7_6liq_2014.ret", "sicoob__retorno__sicoob240_br_boleto.ret", "inter__retorno__inter400_laravel.ret"):
            path = os.path.join(DATA, document("expected/%s.json" % name)["arquivo"])
            found = json.loads(run("cnab", "read", path))
            with open(path, "rb") as file:
                original = file.read()
            found["titulos"][0]["valor_titulo"] = 7654321
            changed = run("cnab", "write", data=json.dumps(found).encode())
            self.assertEqual(len(changed), len(original))
            self.assertIn(b"7654321", changed)
            self.assertLessEqual(sum(a != b for a, b in zip(changed, original)), 7)
            del found["registros"]
            made = json.loads(run("cnab", "read", "-", data=run("cnab", "write", data=json.dumps(found).encode())))
            self.assertEqual(made["titulos"], found["titulos"], name)
            self.assertEqual([(n["code"], n["line"]) for n in made["avisos"]], [], name)

    def test_cnab_from_the_shape_alone(self):
        """The members that reading shows make a file that reads the same, wherever they say all of it."""
        refused = []
        for name in sorted(os.listdir(os.path.join(DATA, "expected"))):
            expected = document("expected/" + name)
            path = os.path.join(DATA, "expected", name)
            if expected.get("outros_segmentos") or expected["tipo_arquivo"] == "0":
                run("cnab", "write", path, status=1)
                refused.append(name)
                continue
            made = json.loads(run("cnab", "read", "-", data=run("cnab", "write", path)))
            if "laravel" not in name or not name.startswith("inter__remessa"):
                self.assertEqual(made["titulos"], expected["titulos"], name)
            self.assertEqual(made.get("registros_tipo5"), expected.get("registros_tipo5"), name)
        self.assertEqual(len(refused), 5)

    def test_cnab_write_refusals(self):
        good = document("expected/sicoob__remessa__sicoob240_laravel.rem.json")
        for member, value in (("valor_titulo", -1), ("valor_titulo", 10**15), ("valor_titulo", "1"), ("vencimento", "2026-02-30"),
                              ("numero_documento", "x" * 16), ("pagador_nome", "\u20ac"), ("nonsense", 1), ("valor_pago", 1)):
            title = dict(good["titulos"][0], **{member: value})
            run("cnab", "write", data=json.dumps(dict(good, titulos=[title])).encode(), status=1)
        for wrong in (b"", b"[]", b"{}", b'{"layout":"CNAB240","banco":"756","tipo_arquivo":"remessa","titulos":[1]}',
                      b'{"layout":"CNAB400","banco":"999","tipo_arquivo":"remessa","titulos":[]}', b'{"titulos":[{]}'):
            run("cnab", "write", data=wrong, status=1)
        empty = run("cnab", "write", data=json.dumps(dict(good, titulos=[])).encode())
        self.assertEqual(empty.count(b"\r\n"), 4)

    def test_pix(self):
        codes = document("pix/brcodes.json")
        for code, answer in zip(codes, run_lines("pix", "decode", lines=codes), strict=True):
            for name in ("crc_informado", "crc_calculado", "crc_ok", "tlv_ok", "tipo", "campos"):
                if name in code:
                    self.assertEqual(answer[name], code[name], code["payload"])
            self.assertEqual("error" in answer, not code["tlv_ok"])
        made = document("pix/static_generated.json")
        self.assertEqual([answer["payload"] for answer in run_lines("pix", "encode", lines=made)], [code["spec"] for code in made])
        answers = run_lines("pix", "encode", lines=[{"url": "pix.example.com/a", "nome": "A", "cidade": "B", "valor": "1.005"}, {"chave": "x"}, "[]\n"])
        self.assertEqual([a["error"]["field"] for a in answers], ["valor", "chave", None])

    def test_reconcile(self):
        path = os.path.join(DATA, "reconciliation/casos.json")
        cases = document("reconciliation/casos.json")
        answers = json.loads(run("reconcile", path))
        for case, answer in zip(cases, answers, strict=True):
            for name, value in case["esperado"].items():
                self.assertEqual(answer[name], value, (case["id"], name))
            self.assertEqual(len(answer["decisoes"]), len(case["eventos"]))
            one = json.loads(run("reconcile", "-", data=json.dumps(case, indent=1).encode()))
            self.assertEqual(one, answer)
        wrong = json.loads(run("reconcile", data=b'{"id":"X","titulos":[{"id":"t"}],"eventos":[]}'))
        self.assertEqual(wrong["error"]["field"], "vencimento")


if __name__ == "__main__":
    unittest.main()
