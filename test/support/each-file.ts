// Run by vitest before each test file, also where files share a process: a module that they import runs only once there. Hooks
// end in the reverse order, so this one is the last of its file.
import { afterAll } from "vitest";
import { removeFolders } from "./folder.js";

afterAll(removeFolders);
