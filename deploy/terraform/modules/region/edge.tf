# Public answers that may be cached, each by its path: the region list. Everything else is refused here; nothing of an owner passes.
resource "aws_cloudfront_distribution" "static" {
  enabled     = true
  comment     = "${var.region}: static and public"
  price_class = "PriceClass_All"
  aliases     = ["static.${var.region}.${var.domain}"]
  origin {
    origin_id   = "account"
    domain_name = "account.${var.region}.${var.domain}"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  ordered_cache_behavior {
    path_pattern           = "/v1/regions"
    target_origin_id       = "account"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    viewer_protocol_policy = "https-only"
    compress               = true
    cache_policy_id        = aws_cloudfront_cache_policy.public.id
  }
  default_cache_behavior {
    target_origin_id       = "account"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    viewer_protocol_policy = "https-only"
    cache_policy_id        = data.aws_cloudfront_cache_policy.none.id
    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.nothing_else.arn
    }
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    acm_certificate_arn      = var.edge_certificate
    minimum_protocol_version = "TLSv1.3_2025"
    ssl_support_method       = "sni-only"
  }
}

data "aws_cloudfront_cache_policy" "none" {
  name = "Managed-CachingDisabled"
}

# Answers before the origin is asked.
resource "aws_cloudfront_function" "nothing_else" {
  name    = "${var.region}-nothing-else"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = "function handler(event) { return { statusCode: 404, statusDescription: 'Not Found' }; }"
}

# Neither cookies nor headers nor queries reach the origin: an answer cannot depend on who asks.
resource "aws_cloudfront_cache_policy" "public" {
  name        = "${var.region}-public"
  default_ttl = 60
  max_ttl     = 300
  min_ttl     = 0
  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip   = true
    enable_accept_encoding_brotli = true
    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "none"
    }
    query_strings_config {
      query_string_behavior = "none"
    }
  }
}
