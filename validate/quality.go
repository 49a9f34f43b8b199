package validate

var qualityRules = []rule{}
