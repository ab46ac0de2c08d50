// The second bundle: the controls, which come after the first picture.

import { Desk } from "../panel/desk";
import { arrive } from "../ui/late";

arrive((app) => new Desk(app));
