/**
 * Where files and texts come into the playground: dropped anywhere on the page, opened, or pasted into the
 * field. What reads them comes with the first of them. Read files-panel.ts first.
 */

import type { FilesHost, FilesPanel } from "./files-panel.ts";

export class FilesDoor {
  readonly #root: HTMLElement;
  readonly #host: FilesHost;
  #panel: Promise<FilesPanel> | undefined;

  /** @param page dropping works anywhere on its document */
  constructor(page: HTMLElement, root: HTMLElement, host: FilesHost) {
    this.#root = root;
    this.#host = host;
    root.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#enter((panel) => panel.takeField());
    });
    root.addEventListener("change", ({ target }) => {
      if (!(target instanceof HTMLInputElement) || target.type !== "file") return;
      const [file] = target.files ?? [];
      if (file !== undefined) void this.#enter((panel) => panel.take(file));
      target.value = ""; // the same file may be opened again
    });
    this.#listenForDrops(page);
  }

  /** Does what a button says. */
  do(action: string): void {
    void this.#enter((panel) => panel.do(action));
  }

  async #enter(act: (panel: FilesPanel) => Promise<void>): Promise<void> {
    this.#panel ??= import("./files-panel.ts").then(
      ({ FilesPanel }) => new FilesPanel(this.#root, this.#host),
    );
    await act(await this.#panel);
  }

  #listenForDrops(page: HTMLElement): void {
    const { ownerDocument } = page;
    const isOurs = ({ dataTransfer, target }: DragEvent) =>
      !(target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) &&
      (dataTransfer?.types.some((type) => type === "Files" || type === "text/plain") ?? false);
    ownerDocument.addEventListener("dragover", (event) => {
      if (!isOurs(event)) return;
      event.preventDefault(); // or the browser would leave the page for the file
      page.classList.add("is-dropping");
    });
    ownerDocument.addEventListener("dragleave", ({ relatedTarget }) => {
      if (relatedTarget === null) page.classList.remove("is-dropping");
    });
    ownerDocument.addEventListener("drop", (event) => {
      page.classList.remove("is-dropping");
      if (!isOurs(event)) return;
      event.preventDefault();
      const { files } = event.dataTransfer!; // there is one: see isOurs
      const content = files[0] ?? event.dataTransfer!.getData("text/plain");
      void this.#enter((panel) => panel.take(content));
    });
  }
}
