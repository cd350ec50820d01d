// What a page does beyond its first paint. Each module minds one thing and works without the others.
import { startChat } from "./chat.js";
import { drawCharts } from "./charts.js";
import { startDeciding, startEditing } from "./decide.js";
import { startKeys } from "./keys.js";
import { fillLater } from "./later.js";
import { startLive } from "./live.js";
import { startSheet } from "./sheet.js";

startSheet(document);
startDeciding(document);
startEditing(document);
startKeys(document);
startChat(document.querySelector("[data-chat]"));
startLive(document);
drawCharts(document);
fillLater(document);
