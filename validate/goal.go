package validate

var goalRules = []rule{}
