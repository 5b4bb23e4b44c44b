/**
 * Which bone of a rig is which joint of ours, as `clients/rigs/names.py` finds it. Pure.
 */

/** @typedef {{joints: Map<string, number>, spine: number[], missing: string[]}} Bones `spine`: the
 *   bones between pelvis and neck, lowest first */

/** End of the names of end sites. */
export const END = " end";

/** @type {Map<string, "left" | "right">} */
const SIDES = new Map([
  ["l", "left"],
  ["left", "left"],
  ["lft", "left"],
  ["lt", "left"],
  ["r", "right"],
  ["right", "right"],
  ["rgt", "right"],
  ["rt", "right"],
]);
const PREFIX =
  /^(mixamorig\d*|cc_base|def|org|mch|valvebiped|bip\d*|character\d*|j_bip_c?|j_sec|jnt|joint|bone|skeleton\d*|rig|sk|m_avg|f_avg|b)(?=[_\-. ]|(?<=[a-z\d])(?=[A-Z]))[_\-. ]*/;
const TOKEN = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
const NOISE = new Set(["jnt", "joint", "bone", "j", "bip", "c", "def", "ctrl"]);

/** Names of each paired joint, surest first. A bone is used once, so the order counts.
 * @type {[string, string[]][]} */
const LIMB = [
  ["hip", ["upleg thigh upperleg femur legupper thighbend uleg", "hip hipjoint"]],
  ["knee", ["shin calf lowerleg lowleg tibia leglower knee lleg", "leg"]],
  ["ankle", ["ankle", "foot"]],
  ["foot", ["toe toebase toes ball forefoot toebone", "foot"]],
  ["shoulder", ["upperarm uparm humerus shldr shldrbend armupper uarm", "arm", "shoulder"]],
  ["collar", ["collar clavicle clav scapula collarbone", "shoulder"]],
  ["elbow", ["forearm lowerarm lowarm elbow radius forearmbend armlower larm"]],
  ["wrist", ["wrist", "hand", "palm"]],
];
const OPTIONAL = new Set(["foot", "collar"]);
const PELVIS = new Set(["hips", "hip", "pelvis"]);
const KNOWN = new Set([
  ...PELVIS,
  "head",
  ...LIMB.flatMap(([, tiers]) => tiers.flatMap((tier) => tier.split(" "))),
]);

/** @typedef {{side: "" | "left" | "right", key: string}} Key */

/**
 * @param {string[]} names
 * @param {number[]} parents each bone's parent, -1 for roots
 * @returns {Bones}
 */
export function identify(names, parents) {
  const keys = withoutPrefix(names).map(normalised);
  /** @type {Map<string, number>} */
  const joints = new Map();
  for (const side of /** @type {const} */ (["left", "right"])) {
    limbs(keys, side, joints);
    ends(names, parents, joints, side);
  }
  const missing = LIMB.filter(([role]) => !OPTIONAL.has(role))
    .flatMap(([role]) => [`left_${role}`, `right_${role}`])
    .filter((joint) => !joints.has(joint));
  const head = headOf(keys, parents);
  if (head === null) missing.push("head");
  if (missing.length || head === null) return { joints, spine: [], missing };
  joints.set("head", head);
  const pelvis = pelvisOf(keys, parents, joints);
  joints.set("pelvis", pelvis);
  const toHead = path(parents, head);
  const neck = neckOf(keys, parents, joints, toHead);
  const top = toHead.indexOf(neck ?? head);
  if (neck !== null) joints.set("neck", neck);
  const below = new Set([...path(parents, joints.get("left_hip") ?? -1), pelvis]);
  return { joints, spine: toHead.slice(0, top).filter((bone) => !below.has(bone)), missing: [] };
}

/** @param {string[]} names */
function withoutPrefix(names) {
  const bare = names.map((name) => name.split(/[:|]/).at(-1) ?? "");
  const longest = [...bare].sort((a, b) => a.length - b.length).slice(Math.floor(bare.length / 5));
  longest.sort((a, b) => (a < b ? -1 : Number(a > b)));
  const [first, last] = [longest.at(0) ?? "", longest.at(-1) ?? ""];
  const length = Math.min(first.length, last.length);
  let same = 0;
  while (same < length && first[same] === last[same]) same++;
  const shared = same < length ? /^.*[_\-. ]/.exec(first.slice(0, same))?.[0] : undefined;
  if (!shared) return bare;
  return bare.map((name) => (name.startsWith(shared) ? name.slice(shared.length) : name));
}

/**
 * Side and the lower-case rest without numbers.
 * @param {string} name
 * @returns {Key}
 */
function normalised(name) {
  let rest = name;
  for (;;) {
    const match = PREFIX.exec(rest.toLowerCase()) ?? PREFIX.exec(rest);
    if (match === null) break;
    rest = rest.slice(match[0].length);
  }
  const tokens = (rest.match(TOKEN) ?? []).map((token) => token.toLowerCase());
  const words = tokens.filter((token) => !/^\d+$/.test(token) && !NOISE.has(token));
  const key = words.filter((word) => !SIDES.has(word)).join("");
  const named = words.map((word) => SIDES.get(word)).find((side) => side !== undefined);
  if (named) return { side: named, key };
  for (const [start, side] of SIDES) {
    if (key.startsWith(start) && KNOWN.has(key.slice(start.length))) {
      return { side, key: key.slice(start.length) };
    }
  }
  return { side: "", key };
}

/**
 * @param {Key[]} keys
 * @param {"left" | "right"} side
 * @param {Map<string, number>} joints is added to
 */
function limbs(keys, side, joints) {
  const used = new Set();
  for (const [role, tiers] of LIMB) {
    for (const tier of tiers) {
      const words = tier.split(" ");
      const hit = keys.findIndex(
        (key, bone) => key.side === side && words.includes(key.key) && !used.has(bone),
      );
      if (hit < 0) continue;
      joints.set(`${side}_${role}`, hit);
      used.add(hit);
      break;
    }
  }
}

/**
 * End sites that stand in for wrists and toes that have no bone of their own.
 * @param {string[]} names
 * @param {number[]} parents
 * @param {Map<string, number>} joints is added to
 * @param {"left" | "right"} side
 */
function ends(names, parents, joints, side) {
  for (const [role, above] of [["wrist", "elbow"], ["foot", "ankle"]]) {
    if (joints.has(`${side}_${role}`)) continue;
    const over = joints.get(`${side}_${above}`);
    const bone = names.findLastIndex((name, at) => name.endsWith(END) && parents[at] === over);
    if (bone >= 0) joints.set(`${side}_${role}`, bone);
  }
}

/**
 * @param {Key[]} keys
 * @param {number[]} parents
 * @returns {number | null}
 */
function headOf(keys, parents) {
  const named = keys.findIndex(({ side, key }) => !side && key === "head");
  if (named >= 0) return named;
  let best = null;
  let longest = 0;
  keys.forEach(({ side, key }, bone) => {
    const length = path(parents, bone).length;
    if (side || !/^(neck|spine|face$)/.test(key) || length <= longest) return;
    [best, longest] = [bone, length];
  });
  return best;
}

/**
 * @param {Key[]} keys
 * @param {number[]} parents
 * @param {Map<string, number>} joints
 * @returns {number}
 */
function pelvisOf(keys, parents, joints) {
  const isPelvis = ({ side, key } = keys[0]) => !side && PELVIS.has(key);
  const right = new Set(path(parents, joints.get("right_hip") ?? -1));
  const shared = path(parents, joints.get("left_hip") ?? -1).filter((bone) => right.has(bone));
  const named = shared.filter((bone) => isPelvis(keys[bone]));
  const deepest = named.at(-1) ?? shared.at(-1);
  if (deepest !== undefined) return deepest;
  const hit = keys.findIndex((key) => isPelvis(key));
  return hit >= 0 ? hit : path(parents, joints.get("head") ?? -1)[0];
}

/**
 * @param {Key[]} keys
 * @param {number[]} parents
 * @param {Map<string, number>} joints
 * @param {number[]} toHead
 * @returns {number | null}
 */
function neckOf(keys, parents, joints, toHead) {
  const before = toHead.slice(0, -1);
  const named = before.find((bone) => keys[bone].key.includes("neck"));
  if (named !== undefined) return named;
  const arms = new Set(path(parents, joints.get("left_shoulder") ?? -1));
  return before.find((bone) => !arms.has(bone)) ?? null;
}

/**
 * @param {number[]} parents
 * @param {number} bone
 * @returns {number[]} from the root to the bone
 */
function path(parents, bone) {
  const way = [];
  for (let at = bone; at >= 0; at = parents[at]) way.unshift(at);
  return way;
}
