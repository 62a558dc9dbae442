/** The page of `dissect --html` in a browser: it loads nothing, raises no error, and links bytes with structure. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { example, folder, pyclab } from "./call.js";

const executablePath = process.env.PYCLAB_CHROMIUM;
if (!executablePath)
  console.log("PYCLAB_CHROMIUM is not set: the tests in a browser are left out (npm test finds one)");

describe.skipIf(!executablePath)("the page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executablePath as string,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    });
  });
  afterAll(() => browser?.close());

  async function open(): Promise<{ page: Page; faults: string[]; requests: string[] }> {
    const file = join(folder(), "page.html");
    writeFileSync(file, (await pyclab(["dissect", "--html", example])).out);
    const page = await browser.newPage();
    const faults: string[] = [];
    const requests: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, faults, requests };
  }

  test("shows the file, asks for nothing else, and its script runs", async () => {
    const { page, faults, requests } = await open();
    expect(await page.title()).toContain("misc_code.pyc");
    await page.locator("#tree .row", { hasText: "RETURN_VALUE" }).first().waitFor();
    expect([faults, requests.length]).toEqual([[], 1]);
    await page.close();
  });

  test("a byte that is pointed at marks its row, and a row its bytes", async () => {
    const { page, faults } = await open();
    const row = page.locator("#tree .row", { hasText: "LOAD_NAME" }).first();
    await row.hover();
    expect(await page.locator("#hex .pairs i.on").allTextContents()).toEqual(["65", "00"]);
    await page.locator("#hex .pairs i").first().hover();
    await page.locator("#tree .row.on", { hasText: "magic" }).waitFor();
    expect(await page.locator("#what").textContent()).toContain("3495");
    expect(faults).toEqual([]);
    await page.close();
  });
});
