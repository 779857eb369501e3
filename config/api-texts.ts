// What the codes of the HTTP API say to a person; part of texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const apiTexts = {
  "api.invalid-body": say(
    ["请求内容无效。", "The request's body is invalid."],
    ["按 /api/v1/openapi.json 的格式提交。", "Follow /api/v1/openapi.json."],
  ),
  "api.invalid-query": say(
    ["查询参数无效。", "The query is invalid."],
    ["改正所指的参数。", "Correct the parameter that is named."],
  ),
  "api.unauthenticated": say(
    ["尚未登录或登录已失效。", "Not logged in, or the session has ended."],
    ["请重新登录。", "Log in again."],
  ),
  "api.login-refused": say(
    ["姓名、口令、密码或登录码有误。", "Name, PIN, password or code is wrong."],
    [
      "核对后再试；忘记的由管理员重新设置。",
      "Check it and try again; who has forgotten it gets a new one from an administrator.",
    ],
  ),
  "api.forbidden": say(
    ["当前角色没有该权限。", "Your role does not have this right."],
    ["请管理员调整权限，或由有权限的人员操作。", "Ask an administrator, or a person with the right."],
  ),
  "api.foreign": say(
    [
      "请求来自其他网站或使用了其他名称，已拒绝。",
      "The request comes from another site's page or under a foreign name.",
    ],
    [
      "在主机自己的页面操作，并用其地址、localhost 或配置的名称访问。",
      "Use the box's own page, by its address, localhost or the name in its configuration.",
    ],
  ),
  "api.password-missing": say(
    ["首次登录须先设置密码。", "The first login sets a password before anything else."],
    [
      "通过 POST /api/v1/users/me/password 或登录页设置密码。",
      "Set one with POST /api/v1/users/me/password, or on the page.",
    ],
  ),
  "api.password-wrong": say(
    ["当前密码不正确，密码未修改。", "The present password is wrong; nothing was changed."],
    ["重新输入当前密码；忘记时由管理员重设。", "Type it again; an administrator can set a new one."],
  ),
  "api.box-away": say(
    [
      "主机不在线，无法执行；现场仍独立报警和动作。",
      "The box is away, so this cannot be done; it goes on acting by itself.",
    ],
    ["主机恢复在线后重试，或在现场操作。", "Try again when it is back, or act on site."],
  ),
  "api.not-found": say(
    ["没有找到该对象。", "Nothing was found under this name."],
    ["核对地址和标识。", "Check the address and the id."],
  ),
  "api.throttled": say(["请求过于频繁。", "Too many requests."], ["稍候再试。", "Wait a moment and try again."]),
  "api.login-slowed": say(
    [
      "此用户名登录失败次数过多，须等待后再试。",
      "This name failed to log in too often and must wait before the next try.",
    ],
    [
      "等过所示时间再试；从已登录的页面或常用的计算机登录不受影响。忘记密码时由管理员重设。",
      "Try again after that time; a page that is logged in, or a computer you used before, need not wait. If the password is forgotten, an administrator can set a new one.",
    ],
  ),
  "api.no-answer": say(
    ["主机未及时应答。", "The box does not answer in time."],
    ["确认主机在运行、地址正确，然后重试。", "Check that the box runs and that the address is right, then try again."],
  ),
  "api.internal": say(
    ["系统内部错误，已记入日志。", "Something went wrong inside; it is in the log."],
    ["重试；若再次出现，请连同时间报告给维护人员。", "Try again; if it recurs, report it with the time."],
  ),
} satisfies Partial<Record<ErrorCode, ErrorText>>;
