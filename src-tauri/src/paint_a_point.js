addEventListener('DOMContentLoaded', () => {
  const point = document.createElement('canvas');
  point.width = point.height = 1;
  point.ariaHidden = 'true';
  point.style.cssText = 'position:fixed;right:0;bottom:0;pointer-events:none';
  document.body.append(point);
  const pen = point.getContext('2d');
  setInterval(() => {
    pen.clearRect(0, 0, 1, 1);
  }, 100);
});
