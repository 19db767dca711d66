// npm start: builds the course as a site and opens it in a browser. Read set-up.mjs first.

import { serve } from "./serve.mjs";
import { ensureSite, main } from "./set-up.mjs";

await main(async () => {
  const { url } = await serve(await ensureSite("npm start"), 4321);
  console.log(url);
});
