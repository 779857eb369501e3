// The routes of the box's HTTP: one file per subject, one line here for each.
import type { FastifyInstance } from "fastify";
import type { Desk } from "./desk.js";
import { addDriveRoutes } from "./routes/drives.js";
import { addGuidedRoutes } from "./routes/guided.js";
import { addHealthRoutes } from "./routes/health.js";
import { addInventoryRoutes } from "./routes/inventory.js";
import { addLiveRoutes } from "./routes/live.js";
import { addOrderRoutes } from "./routes/orders.js";
import { addPage } from "./routes/page.js";
import { addQuestionRoutes } from "./routes/questions.js";
import { addReportRoutes } from "./routes/report.js";
import { addSessionRoutes } from "./routes/sessions.js";
import { addSettingsRoutes } from "./routes/settings.js";
import { addVibrationRoutes } from "./routes/vibration.js";
import { addWalkRoutes } from "./routes/walk.js";

export const routes: readonly ((app: FastifyInstance, desk: Desk) => void)[] = [
  addHealthRoutes,
  addQuestionRoutes,
  addLiveRoutes,
  addSessionRoutes,
  addOrderRoutes,
  addSettingsRoutes,
  addDriveRoutes,
  addWalkRoutes,
  addGuidedRoutes,
  addVibrationRoutes,
  addReportRoutes,
  addInventoryRoutes,
  addPage,
];
