package validate

var namingRules = []rule{}
